/** Usage by hour, date or month, and its sums; pure. */

import type { CostsAnswer, PeriodCostAnswer } from "../../api/costs";
import type { SeriesAnswer } from "../../api/series";
import {
  type Dates,
  type DateText,
  nemDate,
  nemStart,
  plusDays,
  steppedBy,
} from "../../time/dates";
import type { Measure } from "./usage_view";

/** What one type of channel used, or fed in, and what it cost, or earned. */
export interface ChannelUsage {
  readonly type: string;
  readonly kwh: number;
  /** Null where it has no price. */
  readonly aud: number | null;
}

/** A bar: its period's usage by channel. */
export interface UsageBar {
  /** When its period begins (milliseconds). */
  readonly at: number;
  readonly channels: readonly ChannelUsage[];
  /** "none" has no usage yet; what is estimated may still be revised. */
  readonly state: "complete" | "estimated" | "partial" | "none";
}

/** Sums of bars. */
export interface UsageTotals {
  readonly importKwh: number;
  readonly importAud: number | null;
  readonly feedInKwh: number;
  readonly feedInAud: number | null;
  /** What is left to pay. */
  readonly netAud: number | null;
  /** Of the energy whose cost is known; null without any. */
  readonly importAudPerKwh: number | null;
  readonly feedInAudPerKwh: number | null;
}

const FEED_IN = "feedIn";

/** Returns a bar for each date, or for each month of a year, with usage or without. */
export function barsOfPeriods(
  { period, data }: CostsAnswer,
  { first, end }: Dates,
  channel: string | null,
): UsageBar[] {
  const found = new Map(data.map((one) => [one.date, one]));
  const bars: UsageBar[] = [];
  let date: DateText = first;
  while (date < end) {
    const one = found.get(date);
    bars.push({
      at: nemStart(date),
      channels: one === undefined ? [] : channelsOf(one, channel),
      state: one === undefined ? "none" : stateOf(one),
    });
    date = period === "month" ? steppedBy("month", date, 1) : plusDays(date, 1);
  }
  return bars;
}

/**
 * Returns a bar for each point of a day.
 *
 * @param types - Type of each register's channel, by the register's name.
 * @param state - Of the day.
 */
export function barsOfHours(
  { times, series }: SeriesAnswer,
  types: ReadonlyMap<string, string>,
  channel: string | null,
  state: UsageBar["state"] = "complete",
): UsageBar[] {
  const registers = [...types].filter(([, type]) => (channel ?? type) === type);
  const values = (key: string) => series.find((one) => one.key === key)?.values;
  return times.map((time, at): UsageBar => {
    const channels = registers.flatMap(([name, type]): ChannelUsage[] => {
      const kwh = values(`${name}/energy`)?.[at] ?? null;
      const aud = values(`${name}/cost`)?.[at] ?? null;
      return kwh === null ? [] : [{ type, kwh, aud }];
    });
    return {
      at: time * 1000,
      channels: byType(channels),
      state: channels.length === 0 ? "none" : state,
    };
  });
}

/** Returns the sums of bars. */
export function totalsOf(bars: readonly UsageBar[]): UsageTotals {
  const all = bars.flatMap(({ channels }) => channels);
  const imported = all.filter(({ type }) => type !== FEED_IN);
  const fedIn = all.filter(({ type }) => type === FEED_IN);
  const [importAud, feedInAud] = [moneyOf(imported), moneyOf(fedIn)];
  return {
    importKwh: energyOf(imported),
    importAud,
    feedInKwh: energyOf(fedIn),
    feedInAud,
    netAud:
      importAud === null && feedInAud === null
        ? null
        : (importAud ?? 0) - (feedInAud ?? 0),
    importAudPerKwh: meanPrice(imported),
    feedInAudPerKwh: meanPrice(fedIn),
  };
}

/** Returns how many bars there are up to the last one that has usage. */
export function comparableBars(bars: readonly UsageBar[]): number {
  return bars.findLastIndex(({ state }) => state !== "none") + 1;
}

/** Returns how far a channel's part of a bar reaches: feed-in takes away. */
export function reachOf({ type, kwh, aud }: ChannelUsage, measure: Measure): number {
  const amount = measure === "energy" ? kwh : (aud ?? 0);
  return type === FEED_IN ? -amount : amount;
}

/** Returns the first date of a bar's period. */
export function dateOf({ at }: UsageBar): DateText {
  return nemDate(at);
}

function stateOf(one: PeriodCostAnswer): UsageBar["state"] {
  if (one.registers.some((register) => register.estimated_minutes > 0)) {
    return "estimated";
  }
  return one.is_complete ? "complete" : "partial";
}

function channelsOf(one: PeriodCostAnswer, channel: string | null): ChannelUsage[] {
  return byType(
    one.registers
      .filter(({ channel_type: type }) => (channel ?? type) === type)
      .map((register) => ({
        type: register.channel_type,
        kwh: register.energy_kwh,
        aud: register.cost_aud,
      })),
  );
}

/** Registers of one type are one channel to the reader. */
function byType(channels: readonly ChannelUsage[]): ChannelUsage[] {
  const types = [...new Set(channels.map(({ type }) => type))];
  return types.map((type) => {
    const same = channels.filter((one) => one.type === type);
    return { type, kwh: energyOf(same), aud: moneyOf(same) };
  });
}

function energyOf(channels: readonly ChannelUsage[]): number {
  return channels.reduce((sum, { kwh }) => sum + kwh, 0);
}

function moneyOf(channels: readonly ChannelUsage[]): number | null {
  const known = channels.map(({ aud }) => aud).filter((aud) => aud !== null);
  return known.length === 0 ? null : known.reduce((sum, aud) => sum + aud, 0);
}

function meanPrice(channels: readonly ChannelUsage[]): number | null {
  const priced = channels.filter(({ aud }) => aud !== null);
  const kwh = energyOf(priced);
  return kwh === 0 ? null : (moneyOf(priced) ?? 0) / kwh;
}
