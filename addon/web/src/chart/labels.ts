/** What stands at the marks of a time axis; pure. */

import { clockTime, hourTime, instant } from "../format/times";
import { type Step, stepFor, ticks } from "../time/ticks";
import { startOfDay, wallClockAt, type ZoneName } from "../time/zones";

/** A mark of the axis: its instant (milliseconds) and what it says. */
export interface Mark {
  readonly at: number;
  readonly label: string;
}

/** Room that a label takes, in pixels. */
const LABEL_PX = 54;

/**
 * Returns the marks of a time axis.
 *
 * Marks within a day say the time, and the first mark of each day says its date below
 * that; the hour that autumn repeats says which of the two it is.
 *
 * @param widthPx - Room of the axis.
 * @param locale - Language of the labels; the reader's unless given.
 */
export function timeMarks(
  zone: ZoneName,
  fromMs: number,
  toMs: number,
  widthPx: number,
  locale?: string,
): Mark[] {
  const step = stepFor(toMs - fromMs, widthPx / LABEL_PX);
  const instants = ticks(zone, fromMs, toMs, step);
  return instants.map((at, number) => ({
    at,
    label: labelOf(zone, at, instants[number - 1], step, locale),
  }));
}

function labelOf(
  zone: ZoneName,
  at: number,
  before: number | undefined,
  step: Step,
  locale?: string,
): string {
  if (step.unit === "months") {
    const isYear = step.count >= 12 || wallClockAt(zone, at).month === 1;
    const month = instant(at, zone, "shortMonth", locale);
    return step.count >= 12
      ? instant(at, zone, "year", locale)
      : isYear || before === undefined
        ? `${month}\n${instant(at, zone, "year", locale)}`
        : month;
  }
  if (step.unit === "days") return instant(at, zone, "shortDay", locale);
  const isWhole = step.count % 60 === 0;
  const time = (isWhole ? hourTime : clockTime)(at, zone, locale);
  const isNewDay =
    before === undefined || startOfDay(zone, at) !== startOfDay(zone, before);
  return isNewDay ? `${time}\n${instant(at, zone, "shortDay", locale)}` : time;
}
