/** What the frame around every page says. */

export const shell = {
  product: "Energy Logger",
  skip: "Skip to the content",
  navigation: "Pages",
  more: "More",
  theme: "Colours",
  themes: { auto: "Automatic", light: "Light", dark: "Dark" },
  signIn: "Sign in",
  signOut: "Sign out",
  loading: "Loading…",
  pageFailed: "This page could not be loaded.",
  reload: "Load again",
  notFound: "There is no such page.",
  notFoundHint: "The address may be mistyped, or come from another version.",
  home: "Go to the first page",
  sources: { amber: "Amber", kamo: "KAMO" } as Record<string, string>,
  source: {
    fine: (name: string, at: string) => `${name} is collected; next at ${at}`,
    running: (name: string) => `${name}: collecting now`,
    wrong: (name: string, message: string) => `${name}: ${message}`,
  },
  lost: {
    title: "No connection to the server",
    since: (at: string) =>
      `What you see is as it was at ${at}; the server does not answer.`,
    next: (at: string) => `Trying again at ${at}.`,
    now: "Try now",
  },
};
