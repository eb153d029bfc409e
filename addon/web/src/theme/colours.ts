/** How light a colour is and how well it reads on another, by WCAG's formula; pure. */

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Returns the colour that a stylesheet writes as #rgb, #rrggbb, rgb() or rgba(). */
export function parseColour(text: string): Rgb | null {
  const trimmed = text.trim();
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(trimmed)?.[1];
  if (hex !== undefined) {
    const full = hex.length === 3 ? hex.replace(/./g, "$&$&") : hex;
    const [red, green, blue] = [0, 2, 4].map((at) =>
      Number.parseInt(full.slice(at, at + 2), 16),
    );
    return [red ?? 0, green ?? 0, blue ?? 0];
  }
  const numbers = /^rgba?\(([^)]+)\)$/.exec(trimmed)?.[1]?.match(/[\d.]+/g);
  const [red, green, blue] = (numbers ?? []).map(Number);
  if (red === undefined || green === undefined || blue === undefined) return null;
  return [red, green, blue];
}

/** Returns the relative luminance of a colour, 0 (black) to 1 (white). */
export function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/** Returns the contrast of two colours, 1 to 21; text wants 4.5. */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}
