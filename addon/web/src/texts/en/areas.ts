/** What KAMO's areas are called where it has no words for them, and how one is chosen. */

export const areas = {
  area: "Area",
  sum: "Sums of areas",
  sums: { "MO.": "Missouri", "OK.": "Oklahoma" } as Record<string, string>,
  noneYet:
    "KAMO's areas are not here yet. They come with the first run, and this page with them.",
  old: (age: string) => `The newest load began ${age}.`,
  why: (message: string) => `KAMO's last run: ${message}.`,
  unknown: (area: string) => `There is no area ${area}. Choose one above.`,
};
