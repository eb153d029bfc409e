/** Prices of one channel on the times of its chart, alone and beside other dates; pure. */

import type { SeriesAnswer } from "../../api/series";

/** A value for each time; null where nothing is known. */
export type Values = readonly (number | null)[];

/** A price (AUD/kWh) and when it begins (milliseconds). */
export interface PricePoint {
  readonly price: number;
  readonly at: number;
}

/** Lowest, highest and mean of what is known. */
export interface Figures {
  readonly low: PricePoint;
  readonly high: PricePoint;
  readonly mean: number;
}

/** Returns what a series has, by its key; undefined if it is not in the answer. */
export function valuesOf(answer: SeriesAnswer, key: string): Values | undefined {
  return answer.series.find((one) => one.key === key)?.values;
}

/** Returns a channel's prices: the settled one, else what is expected. */
export function pricesOf(answer: SeriesAnswer, channel: string): Values {
  const settled = valuesOf(answer, `${channel}/price`);
  const expected = valuesOf(answer, `${channel}/expected`);
  return answer.times.map((_time, at) => settled?.[at] ?? expected?.[at] ?? null);
}

/**
 * Returns the figures of a channel's prices; null where none is known.
 *
 * Lowest and highest are those within the points, where points are means.
 */
export function figuresOf(answer: SeriesAnswer, channel: string): Figures | null {
  const means = pricesOf(answer, channel);
  const settled = answer.series.find(({ key }) => key === `${channel}/price`);
  const points = (values: Values) =>
    values.flatMap((price, at): PricePoint[] =>
      price === null ? [] : [{ price, at: (answer.times[at] ?? 0) * 1000 }],
    );
  const within = (ends: Values | null | undefined) =>
    points(means.map((mean, at) => ends?.[at] ?? mean));
  const [low] = within(settled?.min).sort((one, other) => one.price - other.price);
  const [high] = within(settled?.max).sort((one, other) => other.price - one.price);
  if (low === undefined || high === undefined) return null;
  return { low, high, mean: meanOf(means) ?? 0 };
}

/** Returns the mean of what is known; null where nothing is. */
export function meanOf(values: Values): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/**
 * Returns the prices of other dates on the times of these.
 *
 * @param shiftMs - How much later these dates are than the others.
 */
export function compared(
  answer: SeriesAnswer,
  other: SeriesAnswer,
  channel: string,
  shiftMs: number,
): Values {
  const values = pricesOf(other, channel);
  const widthS = other.bucket_seconds ?? 0;
  let at = -1;
  return answer.times.map((time) => {
    const wanted = time - shiftMs / 1000;
    while ((other.times[at + 1] ?? Number.POSITIVE_INFINITY) <= wanted) at += 1;
    const begins = other.times[at];
    if (begins === undefined || wanted - begins >= Math.max(widthS, 1)) return null;
    return values[at] ?? null;
  });
}

/** Returns the means of two columns where both are known; null where they never are. */
export function meansOfBoth(
  one: Values,
  other: Values,
): readonly [number, number] | null {
  const areKnown = (at: number) =>
    (one[at] ?? null) !== null && (other[at] ?? null) !== null;
  const [left, right] = [one, other].map((values) =>
    meanOf(values.filter((_value, at) => areKnown(at))),
  );
  return left == null || right == null ? null : [left, right];
}

/** Returns whether anything is expected from an instant (milliseconds) on. */
export function hasForecast({ series, times }: SeriesAnswer, fromMs: number): boolean {
  return series.some(
    ({ key, values }) =>
      key.endsWith("/expected") &&
      values.some((value, at) => value !== null && (times[at] ?? 0) * 1000 > fromMs),
  );
}
