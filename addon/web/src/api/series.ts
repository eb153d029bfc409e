/** Points for charts, as ``/api/series`` answers them: in columns, in even buckets. */

import type { ChartData, Line } from "../chart/data";

export interface SeriesAnswer {
  readonly start: string;
  readonly end: string;
  readonly bucket: "rows" | "time" | "days";
  readonly bucket_seconds: number | null;
  /** Start of each point, in seconds since 1970. */
  readonly times: readonly number[];
  readonly series: readonly {
    readonly key: string;
    readonly channel: string | null;
    readonly unit: string;
    readonly aggregate: "mean" | "sum";
    readonly values: readonly (number | null)[];
    readonly min: readonly (number | null)[] | null;
    readonly max: readonly (number | null)[] | null;
  }[];
}

/** How a series is drawn: everything of a line but its values. */
export type LineStyle = Omit<Line, "values" | "band"> & {
  /** By what the values are divided, such as 1000 for MW. */
  readonly size?: number;
  /** Keys of the series that are the ends of its band; those within buckets otherwise. */
  readonly bandOf?: readonly [string, string];
};

/**
 * Returns what a chart draws of an answer.
 *
 * @param style - How a series is drawn, by its key; null leaves it out.
 */
export function chartData(
  answer: SeriesAnswer,
  style: (key: string) => LineStyle | null,
): ChartData {
  const values = (key: string) => answer.series.find((one) => one.key === key)?.values;
  const lines = answer.series.flatMap((one): Line[] => {
    const found = style(one.key);
    if (found === null || one.values.every((value) => value === null)) return [];
    const { size = 1, bandOf, ...drawn } = found;
    const sized = (column: readonly (number | null)[]) =>
      size === 1
        ? column
        : column.map((value) => (value === null ? null : value / size));
    const low = bandOf === undefined ? one.min : values(bandOf[0]);
    const high = bandOf === undefined ? one.max : values(bandOf[1]);
    const line = { ...drawn, values: sized(one.values) };
    return [
      low && high ? { ...line, band: { low: sized(low), high: sized(high) } } : line,
    ];
  });
  return { times: answer.times.map((time) => time * 1000), lines };
}

/** Returns from when to when an answer has points (milliseconds). */
export function spanOf({ times, bucket_seconds }: SeriesAnswer) {
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 1];
  return { from: first * 1000, to: (last + (bucket_seconds ?? 60)) * 1000 };
}

/** Returns the highest load that is forecast for what has no load yet. */
export function highestForecast({
  series,
  times,
}: SeriesAnswer): { readonly kw: number; readonly at: number } | null {
  const actual = series.find(({ key }) => key === "actual")?.values ?? [];
  const last = actual.findLastIndex((value) => value !== null);
  let highest: { kw: number; at: number } | null = null;
  for (const { key, values } of series) {
    if (key === "actual") continue;
    for (const [at, kw] of values.entries()) {
      if (kw === null || at <= last || (highest !== null && kw <= highest.kw)) continue;
      highest = { kw, at: (times[at] ?? 0) * 1000 };
    }
  }
  return highest;
}
