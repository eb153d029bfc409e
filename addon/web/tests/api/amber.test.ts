import { describe, expect, test } from "vitest";
import { chosenSite, type SiteAnswer, siteName } from "../../src/api/amber";

const site = (id: string, network: string, is_gone = false): SiteAnswer => ({
  id,
  nmi: `NMI ${id}`,
  network,
  is_gone,
  channels: [],
});
const GONE = site("1", "Ausgrid", true);
const HOME = site("2", "Ausgrid");
const SHACK = site("3", "Jemena");

describe("the chosen site", () => {
  test("is the one of the address, even if it is gone", () => {
    expect(chosenSite([GONE, HOME], "1")).toBe(GONE);
  });

  test("is the first that is there, without a choice", () => {
    expect(chosenSite([GONE, HOME, SHACK], undefined)).toBe(HOME);
  });

  test("is there for whoever has only sites that are gone", () => {
    expect(chosenSite([GONE], "unknown")).toBe(GONE);
  });
});

test("sites of one network are told apart by their NMI", () => {
  const all = [GONE, HOME, SHACK];

  expect(all.map((one) => siteName(one, all))).toEqual([
    "Ausgrid, NMI 1",
    "Ausgrid, NMI 2",
    "Jemena",
  ]);
});
