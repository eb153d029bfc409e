/** What the page of usage and cost shows, as its address says; pure. */

import {
  type Dates,
  type DateText,
  datesOf,
  isDate,
  type Length,
  steppedBy,
} from "../../time/dates";

export const LENGTHS: readonly Length[] = ["day", "week", "month", "year"];

/** What bars are as long as. */
export type Measure = "energy" | "cost";

export interface UsageView {
  readonly length: Length;
  /** A date of the period. */
  readonly date: DateText;
  /** Type of the one channel; null is all of them. */
  readonly channel: string | null;
  readonly measure: Measure;
}

/** Returns what an address asks for; what it says wrongly is as if it were not there. */
export function parseUsageView(
  view: Readonly<Record<string, string>>,
  today: DateText,
): UsageView {
  return {
    length: LENGTHS.find((one) => one === view.length) ?? "month",
    date: isDate(view.date) ? view.date : today,
    channel: view.channel ?? null,
    measure: view.measure === "cost" ? "cost" : "energy",
  };
}

/** Returns the dates whose usage is shown. */
export function shownDates({ length, date }: UsageView): Dates {
  return datesOf(length, date);
}

/** Returns the dates of the period before. */
export function datesBefore({ length, date }: UsageView): Dates {
  return datesOf(length, steppedBy(length, date, -1));
}
