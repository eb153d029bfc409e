/** What the page of prices shows, as its address says; pure. */

import type { Span } from "../../chart/data";
import {
  type Dates,
  type DateText,
  datesOf,
  daysBetween,
  isDate,
  type Length,
  nemStart,
  plusDays,
  steppedBy,
} from "../../time/dates";

export const LENGTHS: readonly Length[] = ["day", "week", "month"];

/** How many days ahead there can be a price. */
export const DAYS_AHEAD = 2;

/** With what prices are compared: no others, or a kind that has a name, or a date. */
export type Compare = CompareKind | DateText;
export type CompareKind = "none" | "before" | "week" | "date";

export interface PriceView {
  readonly length: Length;
  /** A date of the period. */
  readonly date: DateText;
  /** Whether it is today with all that is expected, rather than the dates of a period. */
  readonly isAhead: boolean;
  /** Type of the one channel; null is all of them. */
  readonly channel: string | null;
  readonly compare: Compare;
  readonly hasSpot: boolean;
  /** The part of it that is seen; null is all. */
  readonly zoom: Span | null;
}

/** Returns what an address asks for; what it says wrongly is as if it were not there. */
export function parsePriceView(
  view: Readonly<Record<string, string>>,
  today: DateText,
): PriceView {
  const length = LENGTHS.find((one) => one === view.length) ?? "day";
  const date = isDate(view.date) ? view.date : today;
  const { compare } = view;
  const isCompare = compare === "before" || compare === "week" || isDate(compare);
  return {
    length,
    date,
    isAhead: length === "day" && date === today,
    channel: view.channel ?? null,
    compare: isCompare ? compare : "none",
    hasSpot: view.spot === "on",
    zoom: parseZoom(view.zoom),
  };
}

/** Returns of what kind a comparison is. */
export function kindOf(compare: Compare): CompareKind {
  if (compare === "none" || compare === "before" || compare === "week") return compare;
  return "date";
}

/** Returns the dates whose prices are shown. */
export function shownDates({ length, date, isAhead }: PriceView): Dates {
  if (isAhead) return { first: date, end: plusDays(date, DAYS_AHEAD + 1) };
  return datesOf(length, date);
}

/** Returns the dates that they are compared with, as many of them; null without. */
export function comparedDates(view: PriceView): Dates | null {
  const { first, end } = shownDates(view);
  const { compare, length } = view;
  if (compare === "none") return null;
  let other = compare;
  if (compare === "before") other = steppedBy(length, first, -1);
  if (compare === "week") other = plusDays(first, -7);
  return { first: other, end: plusDays(other, daysBetween(first, end)) };
}

/** Returns from when to when prices of dates hold (milliseconds). */
export function spanOfDates({ first, end }: Dates): Span {
  return { from: nemStart(first), to: nemStart(end) };
}

/** Returns how an address names a part of a chart. */
export function formatZoom({ from, to }: Span): string {
  return `${Math.round(from / 1000)}-${Math.round(to / 1000)}`;
}

function parseZoom(text: string | undefined): Span | null {
  const found = /^(\d{1,11})-(\d{1,11})$/.exec(text ?? "");
  if (found === null) return null;
  const [from, to] = [Number(found[1]) * 1000, Number(found[2]) * 1000];
  return from < to ? { from, to } : null;
}
