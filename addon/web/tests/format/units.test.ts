import { describe, expect, test } from "vitest";
import { decimal, percent, written } from "../../src/format/numbers";
import {
  energy,
  load,
  loadUnit,
  money,
  powerFactor,
  price,
} from "../../src/format/units";

const told = (kw: number | null, locale = "en-AU") =>
  written(load(kw, loadUnit(kw ?? 0), locale));

describe("loads", () => {
  test.each([
    [0, "0\u00a0kW"],
    [4.25, "4.25\u00a0kW"],
    [999, "999\u00a0kW"],
    [1000, "1.0\u00a0MW"],
    [62967, "63.0\u00a0MW"],
    [1_025_929.8, "1.026\u00a0GW"],
    [-1500, "−1.5\u00a0MW"],
  ])("%d kW", (kw, text) => expect(told(kw)).toBe(text));

  test("one that is not known is a dash, never nothing", () => {
    expect(told(null)).toBe("–\u00a0kW");
  });

  test("a column goes by the unit of its largest", () => {
    expect(written(load(500, loadUnit(62_967), "en-AU"))).toBe("0.5\u00a0MW");
  });
});

describe("prices", () => {
  const text = (aud: number | null) => written(price(aud, undefined, "en-AU"));

  test("are cents below a dollar and dollars from there", () => {
    expect(text(0.2673549)).toBe("26.7\u00a0c/kWh");
    expect(text(15.5)).toBe("15.50\u00a0AUD/kWh");
  });

  test("below zero have a true minus sign", () => {
    expect(text(-0.0385932)).toBe("−3.9\u00a0c/kWh");
  });

  test("that round to nothing have no sign", () => {
    expect(text(-0.0001)).toBe("0.0\u00a0c/kWh");
  });

  test("that are not known are a dash", () => expect(text(null)).toBe("–\u00a0c/kWh"));
});

describe("money, energy and shares", () => {
  test("money is written as where the reader is", () => {
    expect(money(3.2407, "en-AU")).toBe("$3.24");
    expect(money(-3.2407, "en-US")).toBe("−A$3.24");
    expect(money(null)).toBe("–");
  });

  test("energy becomes MWh from 1,000 kWh on", () => {
    expect(written(energy(13.326, "en-AU"))).toBe("13.33\u00a0kWh");
    expect(written(energy(1234, "en-AU"))).toBe("1.23\u00a0MWh");
    expect(written(energy(undefined))).toBe("–\u00a0kWh");
  });

  test("separators are those of the reader's language", () => {
    expect(decimal(1234.5, 1, "de-DE")).toBe("1.234,5");
    expect(percent(0.925, 1, "en-AU")).toBe("92.5%");
  });

  test("a power factor has three decimals and no unit", () => {
    expect(powerFactor(0.98, "en-AU")).toBe("0.980");
    expect(powerFactor(null)).toBe("–");
  });
});
