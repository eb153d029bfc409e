/** Days of a series as a strip and as a calendar; pure. */

import type { DayAnswer, DayState, SeriesName } from "../../api/ledger";
import { type DateText, daysBetween, plusDays } from "../../time/dates";

/** Days in a row that are alike. */
export interface DayRun {
  /** Days behind the start. */
  readonly at: number;
  readonly length: number;
  readonly state: DayState;
}

/** Returns the days from `start` on as runs; days that are not known are left out. */
export function runsOf(days: readonly DayAnswer[], start: DateText): readonly DayRun[] {
  const runs: DayRun[] = [];
  for (const { day, state } of days) {
    const at = daysBetween(start, day);
    const last = runs.at(-1);
    if (last !== undefined && last.state === state && last.at + last.length === at) {
      runs[runs.length - 1] = { ...last, length: last.length + 1 };
    } else {
      runs.push({ at, length: 1, state });
    }
  }
  return runs;
}

/** Returns how many days are in each state. */
export function tally(
  days: readonly DayAnswer[],
): Readonly<Partial<Record<DayState, number>>> {
  const counts: Partial<Record<DayState, number>> = {};
  for (const { state } of days) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** A date of a calendar; without `known` it was never asked for. */
export interface CalendarDate {
  readonly date: DateText;
  readonly known: DayAnswer | undefined;
}

/**
 * Returns the dates from `start` to `end`, both included, by weeks from Monday to
 * Sunday; null stands for dates outside.
 */
export function weeksOf(
  days: readonly DayAnswer[],
  start: DateText,
  end: DateText,
): readonly (readonly (CalendarDate | null)[])[] {
  const known = new Map(days.map((one) => [one.day, one]));
  const beforeStart = (new Date(Date.parse(start)).getUTCDay() + 6) % 7;
  const length = beforeStart + daysBetween(start, end) + 1;
  return Array.from({ length: Math.ceil(length / 7) }, (_week, week) =>
    Array.from({ length: 7 }, (_day, weekday) => {
      const at = week * 7 + weekday - beforeStart;
      if (at < 0 || at > daysBetween(start, end)) return null;
      const date = plusDays(start, at);
      return { date, known: known.get(date) };
    }),
  );
}

/** Returns a series as an address names it. */
export function formatSeries({ kind, owner, channel }: SeriesName): string {
  return [kind, owner, channel ?? ""].join(":");
}
