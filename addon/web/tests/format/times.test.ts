import { describe, expect, test } from "vitest";
import {
  clockTime,
  duration,
  instant,
  relative,
  zoneLabel,
} from "../../src/format/times";
import { CENTRAL, NEM } from "../../src/time/zones";

const at = (iso: string) => Date.parse(iso);

describe("instants", () => {
  const noon = at("2026-01-04T09:09:00Z");

  test("are told on the clock of their zone, in the reader's language", () => {
    expect(instant(noon, NEM, "both", "en-AU")).toMatch(/Sun.*4.*Jan.*7:09/);
    expect(instant(noon, CENTRAL, "both", "de-DE")).toMatch(/So.*4.*Jan.*03:09/);
  });

  test("in the hour that comes twice say which of the two they are", () => {
    expect(clockTime(at("2026-11-01T06:30:00Z"), CENTRAL, "en-GB")).toBe("01:30 CDT");
    expect(clockTime(at("2026-11-01T07:30:00Z"), CENTRAL, "en-GB")).toBe("01:30 CST");
    expect(clockTime(at("2026-11-01T08:30:00Z"), CENTRAL, "en-GB")).toBe("02:30");
  });
});

describe("zones", () => {
  test("are called by what people call their clocks", () => {
    expect(zoneLabel(NEM)).toBe("NEM time (UTC+10)");
    expect(zoneLabel(CENTRAL)).toBe("Central time");
    expect(zoneLabel("Australia/Sydney")).toBe("your time (Australia/Sydney)");
    expect(zoneLabel("America/New_York")).toBe("America/New York");
  });
});

describe("ages and durations", () => {
  const now = at("2026-01-04T09:09:00Z");

  test.each([
    ["2026-01-04T09:08:30Z", "30 sec. ago"],
    ["2026-01-04T09:06:00Z", "3 min. ago"],
    ["2026-01-04T11:09:00Z", "in 2 hr."],
    ["2026-01-02T09:09:00Z", "2 days ago"],
    ["2026-01-04T09:09:00Z", "now"],
  ])("%s is %s", (iso, text) => expect(relative(at(iso), now, "en-US")).toBe(text));

  test("durations are hours and minutes", () => {
    expect(duration(5)).toBe("5\u00a0min");
    expect(duration(60)).toBe("1\u00a0h");
    expect(duration(90)).toBe("1\u00a0h 30\u00a0min");
  });
});
