/** Takes the colours of the Home Assistant around this page, if there is one. */

import { contrast, luminance, parseColour, type Rgb } from "./colours";

/** Our custom property for each of Home Assistant's. */
const TAKEN: Readonly<Record<string, string>> = {
  "--primary-background-color": "--page",
  "--card-background-color": "--card",
  "--primary-text-color": "--ink",
  "--secondary-text-color": "--ink-soft",
  "--divider-color": "--line",
  "--primary-color": "--accent",
};
const TEXT_CONTRAST = 4.5;
/** Text in these stands on cards. */
const TEXTS = ["--ink", "--ink-soft", "--accent"];

/** What to set on this page for a theme of Home Assistant. */
export interface Taken {
  readonly isDark: boolean;
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * Returns what to take of a theme; pure.
 *
 * A text colour that reads badly on the theme's cards is left out: ours is kept, which
 * fits the theme's lightness.
 *
 * @param property - The value of a custom property in Home Assistant, "" without one.
 */
export function takenFrom(property: (name: string) => string): Taken | null {
  const card = parseColour(property("--card-background-color"));
  const page = parseColour(property("--primary-background-color"));
  if (card === null || page === null) return null;
  const properties = Object.entries(TAKEN).flatMap(([theirs, ours]) => {
    const value = property(theirs).trim();
    const colour = parseColour(value);
    if (colour === null) return [];
    const reads = [card, page].every((on) => contrast(colour, on) >= TEXT_CONTRAST);
    return TEXTS.includes(ours) && !reads ? [] : [[ours, value] as const];
  });
  const taken = Object.fromEntries(properties);
  const accent = parseColour(taken["--accent"] ?? "");
  if (accent !== null) taken["--on-accent"] = onto(accent);
  return { isDark: luminance(card) < 0.2, properties: taken };
}

/** Returns black or white, whichever reads better on a colour. */
function onto(colour: Rgb): string {
  const onWhite = contrast(colour, [255, 255, 255]);
  return onWhite > contrast(colour, [0, 0, 0]) ? "#ffffff" : "#000000";
}

/** Returns the root of the document around this one; null where there is none to read. */
function rootAround(): HTMLElement | null {
  try {
    if (window.parent === window) return null;
    return window.parent.document.documentElement;
  } catch {
    return null; // a frame of another site
  }
}

/**
 * Follows the theme of the Home Assistant around this page.
 *
 * @param apply - Told what to take, at once and whenever the theme changes; not called
 * without a Home Assistant.
 */
export function followHomeAssistant(apply: (taken: Taken) => void): void {
  const outer = rootAround();
  if (outer === null) return;
  const look = () => {
    const style = getComputedStyle(outer);
    const taken = takenFrom((name) => style.getPropertyValue(name));
    if (taken !== null) apply(taken);
  };
  look();
  new MutationObserver(look).observe(outer, { attributeFilter: ["style", "class"] });
}
