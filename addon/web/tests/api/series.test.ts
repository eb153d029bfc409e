import { describe, expect, test } from "vitest";
import {
  chartData,
  highestForecast,
  type SeriesAnswer,
  spanOf,
} from "../../src/api/series";

const series = (key: string, values: (number | null)[]) => ({
  key,
  channel: null,
  unit: "kW",
  aggregate: "mean" as const,
  values,
  min: null,
  max: null,
});
const ANSWER: SeriesAnswer = {
  start: "2026-01-04T00:00:00Z",
  end: "2026-01-04T04:00:00Z",
  bucket: "rows",
  bucket_seconds: 3600,
  times: [0, 3600, 7200, 10800],
  series: [
    series("actual", [1000, 2000, null, null]),
    series("Forecast", [1500, 9000, 2500, 2200]),
    series("nothing", [null, null, null, null]),
  ],
};
const STYLE = {
  label: "Load",
  unit: "MW",
  shape: "line",
  dash: "solid",
  colour: "kamo",
  digits: 1,
} as const;

describe("what a chart draws", () => {
  test("is in milliseconds, and in the unit of its style", () => {
    const data = chartData(ANSWER, (key) =>
      key === "actual" ? { ...STYLE, size: 1000 } : null,
    );
    expect(data.times).toEqual([0, 3_600_000, 7_200_000, 10_800_000]);
    expect(data.lines).toEqual([{ ...STYLE, values: [1, 2, null, null] }]);
  });

  test("leaves out a series without a single value", () => {
    expect(chartData(ANSWER, () => STYLE).lines).toHaveLength(2);
  });

  test("has the series that are named as the ends of its band", () => {
    const data = chartData(ANSWER, (key) =>
      key === "actual" ? { ...STYLE, bandOf: ["nothing", "Forecast"] } : null,
    );
    expect(data.lines[0]?.band?.high).toEqual([1500, 9000, 2500, 2200]);
  });

  test("ends where its last bucket does", () => {
    expect(spanOf(ANSWER)).toEqual({ from: 0, to: 14_400_000 });
  });
});

test("the highest forecast is one of the hours to come", () => {
  expect(highestForecast(ANSWER)).toEqual({ kw: 2500, at: 7_200_000 });
  expect(highestForecast({ ...ANSWER, series: [] })).toBeNull();
});
