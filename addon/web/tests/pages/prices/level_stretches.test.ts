import { expect, test } from "vitest";
import type { PriceAnswer } from "../../../src/api/amber";
import { levelStretches } from "../../../src/pages/prices/level_stretches";

function price(hour: number, aud: number | null, more: Partial<PriceAnswer> = {}) {
  const at = (value: number) => `2026-01-15T${String(value).padStart(2, "0")}:00+10:00`;
  return {
    type: "ActualInterval",
    channelType: "general",
    descriptor: "low",
    spikeStatus: "none",
    renewables: 30,
    starts_at: at(hour),
    ends_at: at(hour + 1),
    price_aud_per_kwh: aud,
    is_settled: true,
    ...more,
  };
}

test("prices that follow one another on a level are one stretch", () => {
  const [only, ...others] = levelStretches([price(1, 0.1), price(2, 0.3)]);

  expect(others).toEqual([]);
  expect(only?.to).toBe(Date.parse("2026-01-15T03:00+10:00"));
  expect(only?.mean).toBeCloseTo(0.2);
  expect(only?.high).toBe(0.3);
});

test("a spike is a level of its own, whatever the price is called", () => {
  const levels = levelStretches([
    price(1, 0.1),
    price(2, 12, { descriptor: "high", spikeStatus: "spike" }),
  ]).map(({ level }) => level);

  expect(levels).toEqual(["low", "spike"]);
});

test.each([
  ["a hole", price(3, 0.1)],
  ["the end of what is settled", price(2, 0.1, { is_settled: false })],
])("%s ends a stretch", (_what, next) => {
  expect(levelStretches([price(1, 0.1), next])).toHaveLength(2);
});

test("prices without a number are left out", () => {
  expect(levelStretches([price(1, null)])).toEqual([]);
});
