import { expect, test } from "vitest";
import type { AnnouncedHour, HourAhead, JudgedHour } from "../../../src/api/peaks";
import { KW } from "../../../src/format/units";
import { hoursOf, missedMonths } from "../../../src/pages/peaks/announcement_columns";
import {
  highestAhead,
  outlookChart,
  standing,
} from "../../../src/pages/peaks/outlook_chart";

const NOON = Date.UTC(2026, 0, 4, 18);
const HOUR = 3_600_000;

const span = (hour: number) => ({
  starts_at: new Date(NOON + hour * HOUR).toISOString(),
  ends_at: new Date(NOON + (hour + 1) * HOUR).toISOString(),
  likelihood: "possible" as const,
  probability_percent: null,
});

function ahead(hour: number, kw: number | null): HourAhead {
  return { ...span(hour), load_kw: kw, low_kw: kw && kw - 5, high_kw: kw && kw + 5 };
}

function announced(hour: number, told: Partial<AnnouncedHour> = {}): AnnouncedHour {
  const announced_at = new Date(NOON + (hour - 2) * HOUR).toISOString();
  return { ...span(hour), announced_at, withdrawn_at: null, ...told };
}

test("announced hours are drawn over the forecast, withdrawn ones are not", () => {
  const hours = [ahead(0, 10), ahead(1, 20), ahead(2, 15)];
  const said = [announced(1), announced(2, { withdrawn_at: span(0).starts_at })];

  const { times, lines } = outlookChart(hours, said, KW);

  expect(times).toEqual([NOON, NOON + HOUR, NOON + 2 * HOUR]);
  expect(lines.map(({ values }) => values)).toEqual([
    [10, 20, 15],
    [null, 20, null],
  ]);
  expect(lines[0]?.band).toEqual({ low: [5, 15, 10], high: [15, 25, 20] });
});

test("without an announced hour there is the forecast alone, without it nothing", () => {
  expect(outlookChart([ahead(0, 10)], [announced(5)], KW).lines).toHaveLength(1);
  expect(outlookChart([ahead(0, null)], [announced(0)], KW).lines).toEqual([]);
  expect(highestAhead([ahead(0, null)])).toBeNull();
  expect(highestAhead([ahead(0, 3), ahead(1, 9), ahead(2, 4)])?.load_kw).toBe(9);
});

test("an hour stands until it is over or withdrawn", () => {
  const said = [
    announced(-1),
    announced(0),
    announced(1, { withdrawn_at: span(0).starts_at }),
    announced(2),
  ];

  expect(standing(said, NOON + HOUR / 2)).toEqual([said[1], said[3]]);
});

test("the log has the newest hour first, and names the months that were missed", () => {
  const hour = (at: number): JudgedHour => ({
    ...announced(at),
    outcome: "false_alarm",
    load_kw: 1,
    below_peak_kw: 1,
  });
  const month = { peak_kw: 2, peak_at: span(0).starts_at, is_over: true };
  const months = [
    { ...month, month: "2026-01", is_caught: null, announced: [hour(5), hour(9)] },
    { ...month, month: "2025-12", is_caught: false, announced: [hour(1)] },
  ];

  expect(hoursOf(months)).toEqual([hour(9), hour(5), hour(1)]);
  expect(missedMonths(months).map(({ month: name }) => name)).toEqual(["2025-12"]);
});
