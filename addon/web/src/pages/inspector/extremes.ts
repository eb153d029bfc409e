/** Lowest and highest value of a line; pure. */

/** A value and when it was, in the unit of the times. */
export interface Point {
  readonly value: number;
  readonly at: number;
}

/** Returns the ends of a line's values; of equal ones the first; null without any. */
export function extremes(
  times: readonly number[],
  values: readonly (number | null)[],
): { readonly low: Point; readonly high: Point } | null {
  let low: Point | null = null;
  let high: Point | null = null;
  for (const [number, value] of values.entries()) {
    if (value === null) continue;
    const point = { value, at: times[number] ?? 0 };
    if (low === null || value < low.value) low = point;
    if (high === null || value > high.value) high = point;
  }
  return low && high && { low, high };
}
