import { expect, test } from "vitest";
import { chartCsv, csv, isoIn } from "../../src/chart/csv";
import type { ChartData } from "../../src/chart/data";
import { CENTRAL, NEM } from "../../src/time/zones";

const HOUR_MS = 3_600_000;
const START = Date.parse("2026-01-04T06:00:00Z");

const DATA: ChartData = {
  times: [0, 1, 2, 3].map((hour) => START + hour * HOUR_MS),
  lines: [
    {
      label: "Load",
      unit: "MW",
      values: [60.5, null, 62, 63],
      band: { low: [60, null, 61, 62], high: [61, null, 63, 64] },
      shape: "line",
      dash: "solid",
      colour: "kamo",
      digits: 1,
    },
  ],
};

test("a file holds what is seen and nothing else, gaps as empty cells", () => {
  const span = { from: START + HOUR_MS, to: START + 3 * HOUR_MS };
  expect(chartCsv(DATA, span, CENTRAL)).toBe(
    "time,Load (MW),Load (MW) low,Load (MW) high\r\n" +
      "2026-01-04T01:00:00-06:00,,,\r\n" +
      "2026-01-04T02:00:00-06:00,62,61,63\r\n",
  );
});

test("times carry the offset of their zone", () => {
  expect(isoIn(NEM, START)).toBe("2026-01-04T16:00:00+10:00");
  expect(isoIn("Asia/Kolkata", START)).toBe("2026-01-04T11:30:00+05:30");
});

test("cells are quoted where they must be, and no text becomes a formula", () => {
  expect(csv(["name"], [['say "a, b"'], ["=1+1"], [null], [-2]])).toBe(
    'name\r\n"say ""a, b"""\r\n\'=1+1\r\n\r\n-2\r\n',
  );
});
