/** How far back charts of loads go, and which part of that is seen; pure. */

import type { Span } from "../../chart/data";
import type { Choice } from "../../parts/choice_row";
import { texts } from "../../texts/texts";

/** The most that the server goes back, in hours: a hundred years. */
const EVERYTHING = "876000";
const DAY = "24";

/** Hours back, of an area. */
export const AREA_SPANS: readonly Choice[] = [
  DAY,
  "48",
  "168",
  "720",
  "8760",
  EVERYTHING,
].map((key) => ({ key, label: texts.inspector.spans[key] ?? key }));

/** Hours back, of a substation. */
export const SUBSTATION_SPANS: readonly Choice[] = AREA_SPANS.slice(0, 4);

/** Returns the hours that an address names, or a day. */
export function hoursIn(text: string | undefined, spans: readonly Choice[]): string {
  return spans.find(({ key }) => key === text)?.key ?? DAY;
}

/** Returns the span that an address names, such as "1767398400-1767402000"; else null. */
export function zoomIn(text: string | undefined): Span | null {
  const found = /^(\d{1,12})-(\d{1,12})$/.exec(text ?? "");
  if (found === null) return null;
  const span = { from: Number(found[1]) * 1000, to: Number(found[2]) * 1000 };
  return span.from < span.to ? span : null;
}

/** Returns a span as addresses name it; null where it is everything that can be seen. */
export function formatZoom({ from, to }: Span, limits: Span): string | null {
  if (from <= limits.from && to >= limits.to) return null;
  return `${Math.floor(from / 1000)}-${Math.ceil(to / 1000)}`;
}
