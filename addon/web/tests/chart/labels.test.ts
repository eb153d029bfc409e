import { expect, test } from "vitest";
import { timeMarks } from "../../src/chart/labels";
import { CENTRAL, startOfDay } from "../../src/time/zones";

const LABEL_PX = 54;

function labels(iso: string, locale = "en-GB"): string[] {
  const from = startOfDay(CENTRAL, Date.parse(iso));
  const to = startOfDay(CENTRAL, Date.parse(iso), 1) - 1;
  return timeMarks(CENTRAL, from, to, 26 * LABEL_PX, locale).map(({ label }) => label);
}

test("the axis of the long night has 25 labels, and no two are the same", () => {
  const found = labels("2026-11-01T12:00:00Z");
  expect(found).toHaveLength(25);
  expect(new Set(found).size).toBe(25);
  expect(found.slice(0, 4)).toEqual([
    "00:00\n1 Nov",
    "01:00 CDT",
    "01:00 CST",
    "02:00",
  ]);
});

test("the axis of the short night has 23 labels, without the skipped hour", () => {
  const found = labels("2026-03-08T12:00:00Z");
  expect(found).toHaveLength(23);
  expect(found.slice(0, 3)).toEqual(["00:00\n8 Mar", "01:00", "03:00"]);
});

test("the date stands below the first mark of each day", () => {
  const from = Date.parse("2026-01-04T18:00:00Z");
  const found = timeMarks(CENTRAL, from, from + 86_400_000, 5 * LABEL_PX, "en-GB");
  expect(found.map(({ label }) => label)).toEqual([
    "12:00\n4 Jan",
    "18:00",
    "00:00\n5 Jan",
    "06:00",
    "12:00",
  ]);
});

test("months say their year at the first mark and in January", () => {
  const from = Date.parse("2025-10-15T00:00:00Z");
  const found = timeMarks(
    CENTRAL,
    from,
    from + 150 * 86_400_000,
    6 * LABEL_PX,
    "en-GB",
  );
  expect(found.map(({ label }) => label)).toEqual([
    "Nov\n2025",
    "Dec",
    "Jan\n2026",
    "Feb",
    "Mar",
  ]);
});

test("whole hours are brief where days have twice twelve", () => {
  const found = labels("2026-11-01T12:00:00Z", "en-US").slice(0, 4);
  expect(found.map((label) => label.replace(/\s/g, " "))).toEqual([
    "12 AM Nov 1",
    "1 AM CDT",
    "1 AM CST",
    "2 AM",
  ]);
});
