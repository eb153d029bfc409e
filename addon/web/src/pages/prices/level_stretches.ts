/** Prices that follow one another on the same level, taken together; pure. */

import { levelOf, type PriceAnswer } from "../../api/amber";

/** Intervals of one level, without a hole. */
export interface LevelStretch {
  readonly level: string;
  /** From when to when, in milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly isSettled: boolean;
  /** In AUD/kWh, weighted by time. */
  readonly mean: number;
  readonly high: number;
}

/**
 * Returns the stretches of one channel's prices.
 *
 * @param prices - Ascending; those without a number are left out.
 */
export function levelStretches(prices: readonly PriceAnswer[]): LevelStretch[] {
  const found: LevelStretch[] = [];
  for (const price of prices) {
    const aud = price.price_aud_per_kwh;
    if (aud === null) continue;
    const [from, to] = [Date.parse(price.starts_at), Date.parse(price.ends_at)];
    const one: LevelStretch = {
      level: levelOf(price),
      from,
      to,
      isSettled: price.is_settled,
      mean: aud,
      high: aud,
    };
    const before = found.at(-1);
    const isSame =
      before !== undefined &&
      before.level === one.level &&
      before.isSettled === one.isSettled &&
      before.to === from;
    if (isSame) found[found.length - 1] = joined(before, one);
    else found.push(one);
  }
  return found;
}

function joined(before: LevelStretch, one: LevelStretch): LevelStretch {
  const [long, short] = [before.to - before.from, one.to - one.from];
  return {
    ...before,
    to: one.to,
    mean: (before.mean * long + one.mean * short) / (long + short),
    high: Math.max(before.high, one.high),
  };
}
