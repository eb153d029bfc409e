import { describe, expect, test } from "vitest";
import { stepFor, ticks } from "../../src/time/ticks";
import { CENTRAL, NEM, startOfDay, wallClockAt } from "../../src/time/zones";

const SYDNEY = "Australia/Sydney";
const HOURLY = { unit: "minutes", count: 60 } as const;
const at = (iso: string) => Date.parse(iso);

/** Returns the hours that are marked on the day of an instant. */
function hours(zone: string, iso: string): number[] {
  const from = startOfDay(zone, at(iso));
  const to = startOfDay(zone, at(iso), 1) - 1;
  return ticks(zone, from, to, HOURLY).map((mark) => wallClockAt(zone, mark).hour);
}

describe("hours of a day", () => {
  test("an ordinary day has 24", () => {
    expect(hours(CENTRAL, "2026-01-04T12:00:00Z")).toEqual([...Array(24).keys()]);
  });

  test.each([
    [CENTRAL, "2026-03-08T12:00:00Z"],
    [SYDNEY, "2026-10-04T02:00:00Z"],
  ])("the spring night of %s leaves 23, without the skipped one", (zone, iso) => {
    const marked = hours(zone, iso);
    expect(marked).toHaveLength(23);
    expect(marked).not.toContain(2);
  });

  test.each([
    [CENTRAL, "2026-11-01T12:00:00Z", 1],
    [SYDNEY, "2026-04-05T02:00:00Z", 2],
  ])("the autumn night of %s has 25, one of them twice", (zone, iso, twice) => {
    const marked = hours(zone, iso);
    expect(marked).toHaveLength(25);
    expect(marked.filter((hour) => hour === twice)).toHaveLength(2);
  });

  test("NEM time has 24 in the nights in which Sydney changes its clocks", () => {
    expect(hours(NEM, "2026-10-03T20:00:00Z")).toHaveLength(24);
    expect(hours(NEM, "2026-04-04T20:00:00Z")).toHaveLength(24);
  });
});

describe("longer steps", () => {
  const DAY = { unit: "days", count: 1 } as const;

  test("days are marked at their own midnights through both changes", () => {
    const marks = ticks(
      CENTRAL,
      at("2026-10-30T00:00:00Z"),
      at("2026-11-04T00:00:00Z"),
      DAY,
    );
    expect(marks.map((mark) => wallClockAt(CENTRAL, mark).hour)).toEqual([
      0, 0, 0, 0, 0,
    ]);
    expect(marks.map((mark) => wallClockAt(CENTRAL, mark).day)).toEqual([
      30, 31, 1, 2, 3,
    ]);
  });

  test("six hours are six o'clock by the wall on both sides of a change", () => {
    const step = { unit: "minutes", count: 360 } as const;
    const marks = ticks(
      CENTRAL,
      at("2026-03-08T00:00:00Z"),
      at("2026-03-09T12:00:00Z"),
      step,
    );
    expect(marks.every((mark) => wallClockAt(CENTRAL, mark).hour % 6 === 0)).toBe(true);
    expect(marks).toHaveLength(7);
  });

  test("weeks stay where they are while the axis moves", () => {
    const step = { unit: "days", count: 7 } as const;
    const from = at("2026-01-01T00:00:00Z");
    const one = ticks(NEM, from, from + 60 * 86_400_000, step);
    const other = ticks(NEM, from + 86_400_000, from + 60 * 86_400_000, step);
    expect(one).toEqual(expect.arrayContaining(other));
  });

  test("quarters begin in January, April, July and October", () => {
    const step = { unit: "months", count: 3 } as const;
    const marks = ticks(
      NEM,
      at("2026-02-01T00:00:00Z"),
      at("2027-02-01T00:00:00Z"),
      step,
    );
    expect(marks.map((mark) => wallClockAt(NEM, mark).month)).toEqual([4, 7, 10, 1]);
  });
});

describe("which step", () => {
  test.each([
    [86_400_000, 24, { unit: "minutes", count: 60 }],
    [86_400_000, 5, { unit: "minutes", count: 360 }],
    [7 * 86_400_000, 7, { unit: "days", count: 1 }],
    [365 * 86_400_000, 12, { unit: "months", count: 1 }],
    [20 * 365 * 86_400_000, 10, { unit: "months", count: 24 }],
  ])("%d ms in at most %d marks", (span, most, step) => {
    expect(stepFor(span, most)).toEqual(step);
  });
});
