import { describe, expect, test } from "vitest";
import {
  browserZone,
  CENTRAL,
  instantsOf,
  isRepeated,
  NEM,
  offsetMinutesAt,
  startOfDay,
  startOfMonth,
  wallClockAt,
} from "../../src/time/zones";

const SYDNEY = "Australia/Sydney";
const at = (iso: string) => Date.parse(iso);
const iso = (instant: number | undefined) => new Date(instant ?? 0).toISOString();
const wall = (hour: number, day: number, month: number, year = 2026) => ({
  year,
  month,
  day,
  hour,
  minute: 0,
  second: 0,
});

test("these tests run in a browser in Sydney", () => {
  expect(browserZone()).toBe(SYDNEY);
});

describe("offsets", () => {
  test("NEM time is ten hours ahead in every season", () => {
    expect(offsetMinutesAt(NEM, at("2026-01-15T00:00:00Z"))).toBe(600);
    expect(offsetMinutesAt(NEM, at("2026-07-15T00:00:00Z"))).toBe(600);
  });

  test("Central time follows its season", () => {
    expect(offsetMinutesAt(CENTRAL, at("2026-01-15T00:00:00Z"))).toBe(-360);
    expect(offsetMinutesAt(CENTRAL, at("2026-07-15T00:00:00Z"))).toBe(-300);
  });

  test("before 1970 and with milliseconds they are whole minutes all the same", () => {
    expect(offsetMinutesAt(CENTRAL, at("1969-12-31T23:59:59.500Z"))).toBe(-360);
  });
});

describe("instants of a wall clock", () => {
  test("an ordinary hour has one", () => {
    expect(instantsOf(CENTRAL, wall(12, 4, 1)).map(iso)).toEqual([
      "2026-01-04T18:00:00.000Z",
    ]);
  });

  test("the hour that spring skips has none", () => {
    expect(instantsOf(CENTRAL, wall(2, 8, 3))).toEqual([]);
    expect(instantsOf(SYDNEY, wall(2, 4, 10))).toEqual([]);
  });

  test("the hour that autumn repeats has two, an hour apart", () => {
    expect(instantsOf(CENTRAL, wall(1, 1, 11)).map(iso)).toEqual([
      "2026-11-01T06:00:00.000Z",
      "2026-11-01T07:00:00.000Z",
    ]);
    expect(instantsOf(SYDNEY, wall(2, 5, 4))).toHaveLength(2);
  });

  test("only that hour is repeated", () => {
    expect(isRepeated(CENTRAL, at("2026-11-01T06:30:00Z"))).toBe(true);
    expect(isRepeated(CENTRAL, at("2026-11-01T07:30:00Z"))).toBe(true);
    expect(isRepeated(CENTRAL, at("2026-11-01T08:00:00Z"))).toBe(false);
  });
});

describe("starts", () => {
  test("a day starts at its midnight, whatever the browser's zone", () => {
    expect(iso(startOfDay(CENTRAL, at("2026-01-04T09:00:00Z")))).toBe(
      "2026-01-04T06:00:00.000Z",
    );
    expect(iso(startOfDay(NEM, at("2026-01-04T09:00:00Z"), 1))).toBe(
      "2026-01-04T14:00:00.000Z",
    );
  });

  test("days of both nights of changing clocks are 23 and 25 hours long", () => {
    const hours = (zone: string, day: string) =>
      (startOfDay(zone, at(day), 1) - startOfDay(zone, at(day))) / 3_600_000;
    expect(hours(CENTRAL, "2026-03-08T12:00:00Z")).toBe(23);
    expect(hours(CENTRAL, "2026-11-01T12:00:00Z")).toBe(25);
    expect(hours(SYDNEY, "2026-10-04T02:00:00Z")).toBe(23);
    expect(hours(SYDNEY, "2026-04-05T02:00:00Z")).toBe(25);
  });

  test("where midnight itself is skipped, a day starts after it", () => {
    const start = startOfDay("America/Santiago", at("2026-09-06T12:00:00Z"));
    expect(wallClockAt("America/Santiago", start)).toMatchObject({ day: 6, hour: 1 });
  });

  test("months carry over the year", () => {
    expect(iso(startOfMonth(NEM, at("2026-12-15T00:00:00Z"), 1))).toBe(
      "2026-12-31T14:00:00.000Z",
    );
  });
});
