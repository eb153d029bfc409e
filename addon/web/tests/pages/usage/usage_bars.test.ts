import { describe, expect, test } from "vitest";
import type { CostsAnswer } from "../../../src/api/costs";
import type { SeriesAnswer } from "../../../src/api/series";
import {
  barsOfHours,
  barsOfPeriods,
  comparableBars,
  dateOf,
  reachOf,
  totalsOf,
} from "../../../src/pages/usage/usage_bars";

function register(channel_type: string, energy_kwh: number, cost_aud: number | null) {
  return {
    channel_identifier: channel_type === "feedIn" ? "B1" : "E1",
    channel_type,
    energy_kwh,
    cost_aud,
    estimated_minutes: 0,
    unpriced_minutes: 0,
  };
}

const COSTS: CostsAnswer = {
  period: "day",
  data: [
    {
      date: "2026-01-12",
      is_complete: true,
      registers: [register("general", 10, 2), register("feedIn", 20, -0.5)],
    },
    {
      date: "2026-01-14",
      is_complete: false,
      registers: [register("general", 5, null)],
    },
    {
      date: "2026-01-15",
      is_complete: true,
      registers: [{ ...register("general", 8, 3), estimated_minutes: 30 }],
    },
  ],
};
const WEEK = { first: "2026-01-12", end: "2026-01-19" };

describe("bars of dates", () => {
  const bars = barsOfPeriods(COSTS, WEEK, null);

  test("are there for every date, with usage or without", () => {
    expect(bars.map(dateOf)).toHaveLength(7);
    expect(bars.map(({ state }) => state)).toEqual([
      "complete",
      "none",
      "partial",
      "estimated",
      "none",
      "none",
      "none",
    ]);
    expect(comparableBars(bars)).toBe(4);
  });

  test("are of one channel where one is chosen", () => {
    const [first] = barsOfPeriods(COSTS, WEEK, "feedIn");

    expect(first?.channels.map(({ type }) => type)).toEqual(["feedIn"]);
  });

  test("are months of a year", () => {
    const year = { first: "2026-01-01", end: "2027-01-01" };
    const months = barsOfPeriods({ period: "month", data: [] }, year, null);

    expect(months.map(dateOf).slice(0, 3)).toEqual([
      "2026-01-01",
      "2026-02-01",
      "2026-03-01",
    ]);
    expect(months).toHaveLength(12);
  });
});

describe("sums", () => {
  const totals = totalsOf(barsOfPeriods(COSTS, WEEK, null));

  test("take what feed-in earned off what is to pay; below zero it adds", () => {
    expect(totals.importAud).toBe(5);
    expect(totals.feedInAud).toBe(-0.5);
    expect(totals.netAud).toBe(5.5);
  });

  test("have the mean price of the energy whose cost is known", () => {
    expect(totals.importKwh).toBe(23);
    expect(totals.importAudPerKwh).toBeCloseTo(5 / 18);
  });

  test("know no money where nothing has any", () => {
    expect(totalsOf([]).netAud).toBeNull();
    expect(totalsOf([]).importAudPerKwh).toBeNull();
  });
});

test("feed-in reaches below zero, and above it where feeding in cost something", () => {
  expect(reachOf({ type: "feedIn", kwh: 3, aud: 1 }, "energy")).toBe(-3);
  expect(reachOf({ type: "feedIn", kwh: 3, aud: -1 }, "cost")).toBe(1);
  expect(reachOf({ type: "general", kwh: 3, aud: null }, "cost")).toBe(0);
});

test("hours add up the registers of a channel, and know a hole", () => {
  const line = (key: string, values: (number | null)[]) => ({
    key,
    channel: key.slice(0, 2),
    unit: "",
    aggregate: "sum" as const,
    values,
    min: null,
    max: null,
  });
  const answer: SeriesAnswer = {
    start: "",
    end: "",
    bucket: "time",
    bucket_seconds: 3600,
    times: [0, 3600],
    series: [
      line("E1/energy", [1, null]),
      line("E1/cost", [0.5, null]),
      line("E3/energy", [2, null]),
    ],
  };
  const types = new Map([
    ["E1", "general"],
    ["E3", "general"],
  ]);

  const bars = barsOfHours(answer, types, null, "estimated");

  expect(bars[0]?.channels).toEqual([{ type: "general", kwh: 3, aud: 0.5 }]);
  expect(bars.map(({ state }) => state)).toEqual(["estimated", "none"]);
});
