import { describe, expect, it } from "vitest";
import {
  clockOf,
  dateOf,
  fullName,
  ownerNames,
  shortName,
} from "../../../src/pages/health/names";

const site = { is_gone: false, channels: [] };
const names = ownerNames(
  [
    { ...site, id: "a", nmi: "90001", network: "Ausgrid" },
    { ...site, id: "b", nmi: "90002", network: "Jemena" },
    { ...site, id: "c", nmi: "90003", network: "Jemena" },
  ],
  [{ id: 7, name: "Barry Electric", abbreviation: "BAEC", is_aggregate: false }],
);

describe("names of series", () => {
  it("tell sites of one network apart by their meters", () => {
    expect(shortName({ kind: "price", owner: "a", channel: "feedIn" }, names)).toBe(
      "Ausgrid, Feed-in",
    );
    expect(shortName({ kind: "usage", owner: "c", channel: "E1" }, names)).toBe(
      "Jemena, 90003, E1",
    );
  });

  it("say the kind where all kinds stand together", () => {
    expect(fullName({ kind: "load", owner: "7", channel: null }, names)).toBe(
      "Load: Barry Electric",
    );
  });

  it("are numbers of owners that are not known", () => {
    expect(shortName({ kind: "load", owner: "99", channel: null }, names)).toBe("99");
  });
});

describe("dates of series", () => {
  it("are those of the utility's clock", () => {
    const justPastNemMidnight = Date.UTC(2026, 0, 14, 14, 30);

    expect(dateOf("usage", justPastNemMidnight)).toBe("2026-01-15");
    expect(dateOf("load", justPastNemMidnight)).toBe("2026-01-14");
    expect(clockOf("usage")).toContain("NEM");
    expect(clockOf("substations")).toContain("Central");
  });
});
