/** What months of load say; pure. */

import type { MonthAnswer } from "../../api/kamo";
import { csv, isoIn } from "../../chart/csv";
import type { ChartData } from "../../chart/data";
import { loadUnit } from "../../format/units";
import { texts } from "../../texts/texts";
import { CENTRAL, instantsOf, startOfMonth } from "../../time/zones";

/** With less, load factors and peaks say nothing about a season. */
export const LEAST_DAYS = 30;
const DAY_HOURS = 24;

/** Returns how many days of load there are, whole ones. */
export function daysKnown(months: readonly MonthAnswer[]): number {
  const hours = months.reduce((sum, month) => sum + month.hours, 0);
  return Math.floor(hours / DAY_HOURS);
}

/** Returns when a month such as 2026-01 begins in KAMO's zone (milliseconds). */
export function monthStart(month: string): number {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const wall = { year, month: number, day: 1, hour: 0, minute: 0, second: 0 };
  return instantsOf(CENTRAL, wall)[0] ?? 0;
}

/** Returns the load in the hour of KAMO's peak as a share of the month's own peak. */
export function coincidence({ coincident_kw, peak_kw }: MonthAnswer): number | null {
  return coincident_kw === null || peak_kw <= 0 ? null : coincident_kw / peak_kw;
}

/** Returns the month with the highest peak; of equal ones the newest; null without any. */
export function highestMonth(months: readonly MonthAnswer[]): MonthAnswer | null {
  return months.reduce<MonthAnswer | null>(
    (best, month) => (best === null || month.peak_kw > best.peak_kw ? month : best),
    null,
  );
}

/**
 * Returns bars of the months' peaks, months without data included as gaps.
 *
 * @param months - The newest first, as the server has them.
 * @param isSystem - Whether they are KAMO's own, which coincide with themselves.
 */
export function monthBars(
  months: readonly MonthAnswer[],
  isSystem: boolean,
): ChartData {
  const [newest, oldest] = [months[0], months.at(-1)];
  if (newest === undefined || oldest === undefined) return { times: [], lines: [] };
  const known = new Map(months.map((month) => [monthStart(month.month), month]));
  const times: number[] = [];
  const end = monthStart(newest.month);
  for (
    let at = monthStart(oldest.month);
    at <= end;
    at = startOfMonth(CENTRAL, at, 1)
  ) {
    times.push(at);
  }
  const unit = loadUnit(highestMonth(months)?.peak_kw ?? 0);
  const column = (value: (month: MonthAnswer) => number | null) =>
    times.map((at) => {
      const month = known.get(at);
      const kw = month === undefined ? null : value(month);
      return kw === null ? null : kw / unit.size;
    });
  const { peak, coincident } = texts.peaks.chart;
  const style = { unit: unit.name, digits: unit.digits } as const;
  const bars = {
    ...style,
    label: peak,
    values: column(({ peak_kw }) => peak_kw),
    shape: "bars",
    dash: "solid",
    colour: "kamo",
  } as const;
  if (isSystem) return { times, lines: [bars] };
  const points = {
    ...style,
    label: coincident,
    values: column(({ coincident_kw }) => coincident_kw),
    shape: "bars",
    dash: "dashed",
    colour: "accent",
  } as const;
  return { times, lines: [bars, points] };
}

/** Returns months as CSV, with times on KAMO's clock. */
export function monthCsv(months: readonly MonthAnswer[], isSystem: boolean): string {
  const words = texts.peaks.table;
  const common = (month: MonthAnswer) => [
    month.month,
    month.peak_kw,
    isoIn(CENTRAL, Date.parse(month.peak_at)),
    month.load_factor,
    month.hours,
  ];
  const header = [
    words.month,
    `${words.peak} (kW)`,
    words.at,
    words.factor,
    `${words.hours} (h)`,
  ];
  if (isSystem) return csv(header, months.map(common));
  return csv(
    [...header, `${words.coincident} (kW)`, words.share],
    months.map((month) => {
      const share = coincidence(month);
      return [
        ...common(month),
        month.coincident_kw,
        share === null ? null : Number(share.toFixed(4)),
      ];
    }),
  );
}
