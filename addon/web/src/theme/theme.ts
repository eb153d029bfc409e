/** Light or dark: the reader's choice, Home Assistant's theme, or the system's. */

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEPT_AS = "energy-logger-theme";

function isTheme(text: string | null): text is Theme {
  return THEMES.some((theme) => theme === text);
}

/** Returns what the reader chose on this device. */
export function chosenTheme(): Theme {
  try {
    const kept = localStorage.getItem(KEPT_AS);
    return isTheme(kept) ? kept : "auto";
  } catch {
    return "auto"; // a browser that keeps nothing for this site
  }
}

/** Chooses a theme for this device. */
export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEPT_AS, theme);
  } catch {
    // it holds until the page is closed
  }
  applyTheme(theme);
}

/** Puts a theme in force; charts, which draw themselves, hear "themechange". */
export function applyTheme(theme: Theme, root = document.documentElement): void {
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  window.dispatchEvent(new Event("themechange"));
}
