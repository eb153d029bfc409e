import { expect, test } from "vitest";
import type { SubstationReading } from "../../../src/api/kamo";
import type { SeriesAnswer } from "../../../src/api/series";
import { areaLine } from "../../../src/pages/inspector/area_lines";
import { extremes } from "../../../src/pages/inspector/extremes";
import { joined, overlaysIn } from "../../../src/pages/inspector/overlay";
import {
  factorOf,
  verdictCounts,
  verdictOn,
} from "../../../src/pages/inspector/power_factor";
import {
  AREA_SPANS,
  formatZoom,
  hoursIn,
  zoomIn,
} from "../../../src/pages/inspector/spans";
import { filtered, substationCsv } from "../../../src/pages/inspector/substation_csv";

function reading(name: string, kw: number, kvar: number | null): SubstationReading {
  return { substation_name: name, kw, kvar };
}

function answer(times: number[], ...series: [string, (number | null)[]][]) {
  return {
    start: "",
    end: "",
    bucket: "rows",
    bucket_seconds: 3600,
    times,
    series: series.map(([key, values]) => ({
      key,
      channel: null,
      unit: "kW",
      aggregate: "mean",
      values,
      min: null,
      max: null,
    })),
  } satisfies SeriesAnswer;
}

test("a power factor is that of load and kVAR, whichever way these flow", () => {
  expect(factorOf(reading("A", 3, -4))).toBeCloseTo(0.6);
  expect(factorOf(reading("A", 5, 0))).toBe(1);
  expect(factorOf(reading("A", 5, null))).toBeNull();
  expect(factorOf(reading("A", 0, 0))).toBeNull();
});

test("a power factor is judged by what is shown of it", () => {
  expect([0.8494, 0.8496, 0.9494, 0.9496].map(verdictOn)).toEqual([
    "poor",
    "fair",
    "fair",
    "good",
  ]);
});

test("unknown power factors are neither poor nor fair", () => {
  const readings = [reading("A", 3, 4), reading("B", 9, 4), reading("C", 9, null)];
  expect(verdictCounts(readings)).toEqual({ poor: 1, fair: 1 });
});

test("answers of several areas share their times, and keep their gaps", () => {
  const both = joined([
    answer([100, 200], ["actual", [1, null]]),
    answer([200, 300], ["actual", [5, 6]], ["forecast/X", [null, 7]]),
  ]);
  expect(both.times).toEqual([100, 200, 300]);
  expect(both.series.map(({ key, values }) => [key, values])).toEqual([
    ["0/actual", [1, null, null]],
    ["1/actual", [null, 5, 6]],
    ["1/forecast/X", [null, null, 7]],
  ]);
});

test("lines of one chart differ in more than colour", () => {
  const unit = { name: "MW", size: 1000, digits: 1 };
  const names = ["Ozark", "Barry", "Barton", "Central"];
  const keys = ["0/actual", "0/forecast/X", "1/actual", "2/actual", "3/actual"];
  const dashes = keys.map((key) => areaLine(key, names, unit)?.dash);
  expect(new Set(dashes).size).toBe(keys.length);
  expect(areaLine("1/forecast/X", names, unit)).toBeNull();
  expect(areaLine("2/actual", names, unit)?.label).toBe("Load, Barton");
});

test("an address names up to three other areas, each once", () => {
  expect(overlaysIn("BAEC,OZEC,BAEC,,CREC,KIEC,INEC", "OZEC")).toEqual([
    "BAEC",
    "CREC",
    "KIEC",
  ]);
  expect(overlaysIn(undefined, "OZEC")).toEqual([]);
});

test("an address with hours or a zoom that make no sense shows a day, all of it", () => {
  expect(hoursIn("168", AREA_SPANS)).toBe("168");
  expect(hoursIn("-5", AREA_SPANS)).toBe("24");
  expect(hoursIn(undefined, AREA_SPANS)).toBe("24");
  expect(zoomIn("200-100")).toBeNull();
  expect(zoomIn("<b>-1")).toBeNull();
});

test("a zoom survives its way through the address", () => {
  const limits = { from: 0, to: 900_000 };
  expect(zoomIn(formatZoom({ from: 1_500, to: 7_500 }, limits) ?? "")).toEqual({
    from: 1_000,
    to: 8_000,
  });
  expect(formatZoom(limits, limits)).toBeNull();
});

test("the ends of a line are told with their times", () => {
  expect(extremes([10, 20, 30, 40], [5, null, 2, 5])).toEqual({
    low: { value: 2, at: 30 },
    high: { value: 5, at: 10 },
  });
  expect(extremes([10], [null])).toBeNull();
});

test("substations are found by any part of their name, whatever its case", () => {
  const rows = [reading("Ash Grove", 1, 0), reading("Élan", 1, 0)];
  expect(filtered(rows, " GROVE ")).toEqual([rows[0]]);
  expect(filtered(rows, "élAN")).toEqual([rows[1]]);
  expect(filtered(rows, "")).toEqual(rows);
});

test("substations are saved with the time of reading on KAMO's clock", () => {
  const readAt = Date.UTC(2026, 6, 4, 3, 9);
  const text = substationCsv(
    [reading('=A "1",\n', 3, 4), reading("B", 2, null)],
    readAt,
  );
  expect(text).toBe(
    "time,Substation,Load (kW),kVAR,Power factor,Verdict\r\n" +
      '2026-07-03T22:09:00-05:00,"\'=A ""1"",\n",3,4,0.6,Poor\r\n' +
      "2026-07-03T22:09:00-05:00,B,2,,,\r\n",
  );
});
