import { describe, expect, test } from "vitest";
import type { SeriesAnswer } from "../../../src/api/series";
import {
  compared,
  figuresOf,
  hasForecast,
  meansOfBoth,
  pricesOf,
} from "../../../src/pages/prices/price_points";

type Values = readonly (number | null)[];

function answer(
  times: readonly number[],
  columns: Record<string, Values>,
  ends: { min?: Values; max?: Values } = {},
): SeriesAnswer {
  return {
    start: "",
    end: "",
    bucket: "rows",
    bucket_seconds: 1800,
    times,
    series: Object.entries(columns).map(([key, values]) => ({
      key,
      channel: "general",
      unit: "AUD/kWh",
      aggregate: "mean",
      values,
      min: ends.min ?? null,
      max: ends.max ?? null,
    })),
  };
}

const TIMES = [0, 1800, 3600, 5400];
const MIXED = answer(TIMES, {
  "general/price": [0.2, -0.1, null, null],
  "general/expected": [null, null, 0.3, null],
  "feedIn/price": [0.05, 0.06, null, null],
});

test("what is expected stands where no price is settled", () => {
  expect(pricesOf(MIXED, "general")).toEqual([0.2, -0.1, 0.3, null]);
});

describe("figures", () => {
  test("are of what is known, with when", () => {
    const figures = figuresOf(MIXED, "general");

    expect(figures?.low).toEqual({ price: -0.1, at: 1_800_000 });
    expect(figures?.high).toEqual({ price: 0.3, at: 3_600_000 });
    expect(figures?.mean).toBeCloseTo(0.4 / 3);
  });

  test("are those within the points where points are means", () => {
    const means = answer(
      [0, 1800],
      { "general/price": [0.2, 0.3] },
      { min: [-0.5, 0.1], max: [0.4, 9] },
    );

    expect(figuresOf(means, "general")?.low).toEqual({ price: -0.5, at: 0 });
    expect(figuresOf(means, "general")?.high).toEqual({ price: 9, at: 1_800_000 });
  });

  test("are none where nothing is known", () => {
    expect(figuresOf(MIXED, "controlledLoad")).toBeNull();
  });
});

describe("comparing", () => {
  const DAY = 86_400;
  const later = answer(
    TIMES.map((time) => time + DAY),
    { "general/price": [0.1, 0.2, 0.3, 0.4] },
  );

  test("lays the other dates' prices on these times", () => {
    expect(compared(later, MIXED, "general", DAY * 1000)).toEqual([
      0.2,
      -0.1,
      0.3,
      null,
    ]);
  });

  test("has nothing where the other dates have a hole", () => {
    const holey = answer([0, 5400], { "general/price": [0.5, 0.6] });

    expect(compared(later, holey, "general", DAY * 1000)).toEqual([
      0.5,
      null,
      null,
      0.6,
    ]);
  });

  test("takes means where both are known", () => {
    expect(meansOfBoth([1, 2, null, 4], [3, null, 5, 5])).toEqual([2.5, 4]);
    expect(meansOfBoth([1, null], [null, 2])).toBeNull();
  });
});

test("there is a forecast if something is expected after now", () => {
  expect(hasForecast(MIXED, 1_800_000)).toBe(true);
  expect(hasForecast(MIXED, 3_600_000)).toBe(false);
});
