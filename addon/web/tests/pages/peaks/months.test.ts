import { expect, test } from "vitest";
import type { MonthAnswer } from "../../../src/api/kamo";
import {
  coincidence,
  daysKnown,
  highestMonth,
  monthBars,
  monthCsv,
  monthStart,
} from "../../../src/pages/peaks/months";

function month(name: string, peakKw: number, told: Partial<MonthAnswer> = {}) {
  return {
    month: name,
    peak_kw: peakKw,
    peak_at: `${name}-14T13:00:00+00:00`,
    mean_kw: peakKw / 2,
    load_factor: 0.5,
    system_peak_at: null,
    coincident_kw: null,
    hours: 700,
    is_complete: true,
    ...told,
  } satisfies MonthAnswer;
}

test("a month begins at KAMO's midnight, in summer and in winter", () => {
  expect(monthStart("2026-01")).toBe(Date.UTC(2026, 0, 1, 6));
  expect(monthStart("2026-07")).toBe(Date.UTC(2026, 6, 1, 5));
});

test("days are counted as far as they are whole", () => {
  const months = [
    month("2026-02", 1, { hours: 47 }),
    month("2026-01", 1, { hours: 0 }),
  ];
  expect(daysKnown(months)).toBe(1);
  expect(daysKnown([])).toBe(0);
});

test("coincidence is a share of the month's own peak, where both are known", () => {
  expect(coincidence(month("2026-01", 80, { coincident_kw: 60 }))).toBe(0.75);
  expect(coincidence(month("2026-01", 80))).toBeNull();
  expect(coincidence(month("2026-01", 0, { coincident_kw: 0 }))).toBeNull();
});

test("the highest month is the newest of equal ones", () => {
  const months = [month("2026-03", 5), month("2026-02", 9), month("2026-01", 9)];
  expect(highestMonth(months)?.month).toBe("2026-02");
  expect(highestMonth([])).toBeNull();
});

test("a month without load is a gap between its neighbours", () => {
  const months = [month("2026-05", 4_000), month("2026-02", 2_000)];
  const { times, lines } = monthBars(months, true);
  expect(times).toEqual(["2026-02", "2026-03", "2026-04", "2026-05"].map(monthStart));
  expect(lines.map(({ values }) => values)).toEqual([[2, null, null, 4]]);
});

test("KAMO's own months have no coincidence, all others have", () => {
  const months = [month("2026-01", 80, { coincident_kw: 60 })];
  expect(monthBars(months, true).lines).toHaveLength(1);
  expect(monthBars(months, false).lines.map(({ values }) => values)).toEqual([
    [80],
    [60],
  ]);
  expect(monthCsv(months, true)).not.toContain("Coincidence");
});

test("months are saved with the peak's time on KAMO's clock", () => {
  const text = monthCsv([month("2026-01", 80, { coincident_kw: 60 })], false);
  expect(text).toBe(
    'Month,Peak (kW),"When, Central time",Load factor,Known (h),' +
      "With KAMO's peak (kW),Coincidence\r\n" +
      "2026-01,80,2026-01-14T07:00:00-06:00,0.5,700,60,0.75\r\n",
  );
});
