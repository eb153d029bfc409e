import { describe, expect, it } from "vitest";
import type { DayAnswer, DayState } from "../../../src/api/ledger";
import { formatSeries, runsOf, tally, weeksOf } from "../../../src/pages/health/days";

function day(date: string, state: DayState): DayAnswer {
  return { day: date, state, expected_minutes: 1440, present_minutes: 0 };
}

const DAYS = [
  day("2026-03-07", "complete"),
  day("2026-03-08", "complete"),
  day("2026-03-09", "partial"),
  day("2026-03-11", "partial"),
];

describe("a strip", () => {
  it("puts days together that are alike, and not across one that is not known", () => {
    expect(runsOf(DAYS, "2026-03-06")).toEqual([
      { at: 1, length: 2, state: "complete" },
      { at: 3, length: 1, state: "partial" },
      { at: 5, length: 1, state: "partial" },
    ]);
  });

  it("is told in numbers", () => {
    expect(tally(DAYS)).toEqual({ complete: 2, partial: 2 });
  });
});

describe("a calendar", () => {
  it("has weeks from Monday, with nothing outside its span", () => {
    const weeks = weeksOf(DAYS, "2026-03-07", "2026-03-11");

    expect(weeks).toHaveLength(2);
    expect(weeks[0]?.map((one) => one?.date ?? null)).toEqual([
      null,
      null,
      null,
      null,
      null,
      "2026-03-07",
      "2026-03-08",
    ]);
    expect(weeks[1]?.map((one) => one?.date ?? null)).toEqual([
      "2026-03-09",
      "2026-03-10",
      "2026-03-11",
      null,
      null,
      null,
      null,
    ]);
    expect(weeks[1]?.[0]?.known?.state).toBe("partial");
    expect(weeks[1]?.[1]?.known).toBeUndefined();
  });
});

describe("a series in an address", () => {
  it("has its kind, owner and channel", () => {
    expect(formatSeries({ kind: "load", owner: "7", channel: null })).toBe("load:7:");
    expect(formatSeries({ kind: "price", owner: "01S", channel: "feedIn" })).toBe(
      "price:01S:feedIn",
    );
  });
});
