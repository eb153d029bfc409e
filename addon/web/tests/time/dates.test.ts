import { describe, expect, test } from "vitest";
import {
  datesOf,
  daysBetween,
  isDate,
  nemDate,
  nemStart,
  plusDays,
  steppedBy,
} from "../../src/time/dates";
import { HOUR_MS } from "../../src/time/zones";

test.each(["2026-02-29", "2026-13-01", "2026-1-1", "", undefined, "yesterday"])(
  "%s is no date",
  (text) => {
    expect(isDate(text)).toBe(false);
  },
);

test("a date that there is, is one", () => {
  expect(isDate("2028-02-29")).toBe(true);
});

describe("NEM dates", () => {
  test("begin ten hours before UTC's, in summer as in winter", () => {
    expect(nemStart("2026-01-15")).toBe(Date.parse("2026-01-14T14:00Z"));
    expect(nemStart("2026-07-15")).toBe(Date.parse("2026-07-14T14:00Z"));
  });

  test.each(["2026-04-05", "2026-10-04"])(
    "have 24 hours on %s, when Sydney's clocks change",
    (date) => {
      expect(nemStart(plusDays(date, 1)) - nemStart(date)).toBe(24 * HOUR_MS);
    },
  );

  test("are an hour behind Sydney's in summer", () => {
    // half past midnight of the 16th on Sydney's clocks
    expect(nemDate(Date.parse("2026-01-15T13:30Z"))).toBe("2026-01-15");
    expect(nemDate(Date.parse("2026-01-15T14:00Z"))).toBe("2026-01-16");
  });
});

describe("periods", () => {
  test.each([
    ["day", "2026-01-15", "2026-01-15", "2026-01-16"],
    ["week", "2026-01-15", "2026-01-12", "2026-01-19"],
    ["week", "2026-01-18", "2026-01-12", "2026-01-19"],
    ["week", "2026-01-01", "2025-12-29", "2026-01-05"],
    ["month", "2026-02-15", "2026-02-01", "2026-03-01"],
    ["month", "2026-12-31", "2026-12-01", "2027-01-01"],
    ["year", "2026-06-15", "2026-01-01", "2027-01-01"],
  ] as const)("the %s of %s is from %s to %s", (length, date, first, end) => {
    expect(datesOf(length, date)).toEqual({ first, end });
  });

  test.each([
    ["day", "2026-03-01", -1, "2026-02-28"],
    ["week", "2026-01-15", 1, "2026-01-19"],
    ["month", "2026-03-31", -1, "2026-02-01"],
    ["month", "2026-01-15", -1, "2025-12-01"],
    ["year", "2026-06-15", 1, "2027-01-01"],
  ] as const)("the %s beside %s, %i later, begins on %s", (length, date, by, first) => {
    expect(steppedBy(length, date, by)).toBe(first);
  });

  test("a leap year has a day more", () => {
    expect(daysBetween("2028-01-01", "2029-01-01")).toBe(366);
  });
});
