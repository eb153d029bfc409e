/** Where a time axis has its marks, in any zone and through both nights of changing clocks; pure. */

import {
  DAY_MS,
  MINUTE_MS,
  startOfDay,
  startOfMonth,
  wallClockAt,
  type ZoneName,
} from "./zones";

/** How far apart marks are: parts of a day by the wall clock, whole days, or months. */
export type Step =
  | { readonly unit: "minutes"; readonly count: number }
  | { readonly unit: "days"; readonly count: number }
  | { readonly unit: "months"; readonly count: number };

const STEPS: readonly Step[] = [
  ...[1, 5, 15, 30, 60, 120, 180, 360, 720].map(
    (count): Step => ({ unit: "minutes", count }),
  ),
  ...[1, 2, 7, 14].map((count): Step => ({ unit: "days", count })),
  ...[1, 3, 6, 12, 24, 60, 120].map((count): Step => ({ unit: "months", count })),
];

function lengthMs({ unit, count }: Step): number {
  if (unit === "minutes") return count * MINUTE_MS;
  return count * DAY_MS * (unit === "days" ? 1 : 30.44);
}

/**
 * Returns the smallest step that gives at most `most` marks over a span.
 *
 * @param spanMs - Length of the axis, in milliseconds.
 * @param most - As many labels as there is room for.
 */
export function stepFor(spanMs: number, most: number): Step {
  const fits = STEPS.find((step) => spanMs / lengthMs(step) <= Math.max(1, most));
  return fits ?? { unit: "months", count: 120 };
}

/**
 * Returns the instants (milliseconds) within a span at which the wall clock of `zone`
 * is at a whole step: 23 hours in the night that skips one, 25 in the one that repeats
 * one.
 */
export function ticks(
  zone: ZoneName,
  fromMs: number,
  toMs: number,
  step: Step,
): number[] {
  if (step.unit === "minutes") return dayParts(zone, fromMs, toMs, step.count);
  const found: number[] = [];
  const begin = step.unit === "days" ? startOfDay : startOfMonth;
  const first = alignedStart(zone, fromMs, step);
  for (let number = 0; ; number += step.count) {
    const at = begin(zone, first, number);
    if (at > toMs) return found;
    if (at >= fromMs) found.push(at);
  }
}

function dayParts(zone: ZoneName, fromMs: number, toMs: number, minutes: number) {
  // every zone of today is ahead of UTC by whole quarters of an hour
  const gridMs = Math.min(minutes, 15) * MINUTE_MS;
  const found: number[] = [];
  for (let at = Math.ceil(fromMs / gridMs) * gridMs; at <= toMs; at += gridMs) {
    const { hour, minute } = wallClockAt(zone, at);
    if ((hour * 60 + minute) % minutes === 0) found.push(at);
  }
  return found;
}

/** Where counting begins, so that marks stay where they are while the axis is moved. */
function alignedStart(zone: ZoneName, fromMs: number, step: Step): number {
  const { year, month, day } = wallClockAt(zone, fromMs);
  if (step.unit === "months") {
    const months = year * 12 + month - 1;
    return startOfMonth(zone, fromMs, -(months % step.count));
  }
  const days = Math.floor(Date.UTC(year, month - 1, day) / DAY_MS);
  return startOfDay(zone, fromMs, -(days % step.count));
}
