import { describe, expect, test } from "vitest";
import { gaps, held, nearest, withEnd, within } from "../../src/chart/data";
import { moved, zoomed } from "../../src/chart/view_span";

const HOUR_MS = 3_600_000;
const LIMITS = { from: 0, to: 24 * HOUR_MS };

describe("zooming", () => {
  test("keeps the instant under the finger where it is", () => {
    const around = 6 * HOUR_MS;
    const seen = zoomed(LIMITS, LIMITS, 0.5, around);
    expect((around - seen.from) / (seen.to - seen.from)).toBeCloseTo(0.25);
    expect(seen.to - seen.from).toBe(12 * HOUR_MS);
  });

  test("out ends at the limits", () => {
    const seen = { from: HOUR_MS, to: 20 * HOUR_MS };
    expect(zoomed(seen, LIMITS, 4, 10 * HOUR_MS)).toEqual(LIMITS);
  });

  test("in ends at ten minutes", () => {
    const seen = zoomed(LIMITS, LIMITS, 0.0001, HOUR_MS);
    expect(seen.to - seen.from).toBeCloseTo(10 * 60_000);
  });
});

describe("moving", () => {
  test("keeps the length, and stops at the limits", () => {
    const seen = { from: 20 * HOUR_MS, to: 22 * HOUR_MS };
    expect(moved(seen, LIMITS, 0.5)).toEqual({ from: 21 * HOUR_MS, to: 23 * HOUR_MS });
    expect(moved(seen, LIMITS, 5)).toEqual({ from: 22 * HOUR_MS, to: 24 * HOUR_MS });
  });
});

describe("points", () => {
  const times = [10, 20, 30];

  test("within a span do not include its end", () => {
    expect(within(times, { from: 10, to: 30 })).toEqual([0, 2]);
    expect(within(times, { from: 11, to: 99 })).toEqual([1, 3]);
  });

  test.each([
    [0, 0],
    [14, 0],
    [16, 1],
    [99, 2],
  ])("next to %d is number %d", (at, position) => {
    expect(nearest(times, at)).toBe(position);
  });

  test("next to anything are none of none", () => expect(nearest([], 5)).toBe(-1));

  test("without a value are gaps between those that have one", () => {
    expect(gaps([1, 2, 3, 4, 5, 6], [null, 7, null, null, 8, null])).toEqual([
      { from: 2, to: 5 },
    ]);
  });
});

describe("steps", () => {
  test("hold their last value until where it ends", () => {
    expect(withEnd([10, 20, 30])).toEqual([10, 20, 30, 40]);
    expect(held([10, 20, 30], [1, null, null])).toEqual([1, 1, null, null]);
    expect(held([10, 20, 30], [null, 2, 3])).toEqual([null, 2, 3, 3]);
  });

  test("of nothing are nothing", () => expect(withEnd([])).toEqual([]));
});
