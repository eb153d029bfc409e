import { describe, expect, it } from "vitest";
import type { TariffCostAnswer } from "../../../src/api/costs";
import {
  ofRegistersWithPeriods,
  periodName,
  shareOfChannel,
} from "../../../src/pages/usage/tariff_names";

const plain: TariffCostAnswer = {
  channel_identifier: "E1",
  channel_type: "general",
  energy_kwh: 3,
  cost_aud: 1,
  estimated_minutes: 0,
  unpriced_minutes: 0,
  tariff_period: null,
  tariff_season: null,
  tariff_block: null,
  is_demand_window: null,
};

describe("a period's name", () => {
  it.each([
    [{ tariff_period: "solarSponge" }, "Solar sponge"],
    [{ tariff_period: "midnightOil" }, "midnightOil"],
    [{ tariff_block: 2 }, "Block 2"],
    [{ tariff_period: "peak", tariff_season: "summer" }, "Peak, summer"],
    [{ tariff_period: "peak", is_demand_window: true }, "Peak, demand window"],
    [{ is_demand_window: false }, "No period named"],
  ])("of %o is %s", (fields, name) => {
    expect(periodName({ ...plain, ...fields })).toBe(name);
  });
});

describe("the share of a period", () => {
  it("is of its own register's energy", () => {
    const other = { ...plain, energy_kwh: 9 };
    const exported = { ...plain, channel_identifier: "B1", energy_kwh: 50 };

    expect(shareOfChannel(plain, [plain, other, exported])).toBe(0.25);
  });

  it("is unknown where nothing was metered", () => {
    const none = { ...plain, energy_kwh: 0 };

    expect(shareOfChannel(none, [none])).toBeNull();
  });
});

describe("registers with periods", () => {
  it("keep all of their rows, and others none", () => {
    const peak = { ...plain, tariff_period: "peak" };
    const exported = { ...plain, channel_identifier: "B1" };

    expect(ofRegistersWithPeriods([peak, plain, exported])).toEqual([peak, plain]);
  });
});
