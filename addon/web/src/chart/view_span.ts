/** Which part of a chart is seen, and how zooming and moving change it; pure. */

import type { Span } from "./data";

/** Nothing is seen any better below this. */
const SHORTEST_MS = 10 * 60_000;

/** Returns a span of the same length that lies within the limits as far as it fits. */
export function keptWithin(span: Span, limits: Span): Span {
  const length = Math.min(span.to - span.from, limits.to - limits.from);
  const from = Math.min(Math.max(span.from, limits.from), limits.to - length);
  return { from, to: from + length };
}

/**
 * Returns a span that is `factor` times as long.
 *
 * @param around - The instant that stays where it is on the screen.
 */
export function zoomed(span: Span, limits: Span, factor: number, around: number): Span {
  const length = span.to - span.from;
  const wanted = Math.max(length * factor, Math.min(SHORTEST_MS, length));
  const share = (around - span.from) / length;
  const from = around - share * wanted;
  return keptWithin({ from, to: from + wanted }, limits);
}

/** Returns a span moved by a share of its length; above 0 is later. */
export function moved(span: Span, limits: Span, share: number): Span {
  const by = share * (span.to - span.from);
  return keptWithin({ from: span.from + by, to: span.to + by }, limits);
}
