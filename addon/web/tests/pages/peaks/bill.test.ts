import { describe, expect, it } from "vitest";
import type { DeterminantsAnswer, SubstationMonthAnswer } from "../../../src/api/bill";
import {
  faultColumns,
  figures,
  newestMonth,
  openFaults,
  remarks,
} from "../../../src/pages/peaks/bill_columns";

const MONTH: SubstationMonthAnswer = {
  substation_name: "North",
  month: "2026-01",
  peak_kw: 100,
  peak_at: "2026-01-04T07:00:00-06:00",
  is_at_least: false,
  suspect_kw: null,
  note: null,
};

describe("a demand bill", () => {
  it("has its figures so far, and none projected while that is not known", () => {
    const answer = {
      so_far: { peak_kw: 3, base_kw: 2, billed_kw: 1 },
      projected: null,
    } as DeterminantsAnswer;

    const found = figures(answer);

    expect(found.map(({ soFar }) => soFar)).toEqual([3, 2, 1]);
    expect(found.map(({ projected }) => projected)).toEqual([null, null, null]);
  });

  it("shows the substations of the newest month", () => {
    const rows = [MONTH, { ...MONTH, month: "2026-02" }];

    expect(newestMonth(rows).map(({ month }) => month)).toEqual(["2026-02"]);
    expect(newestMonth([])).toEqual([]);
  });

  it("says what a peak is not to be believed for, and what the owner said", () => {
    const row = { ...MONTH, is_at_least: true, suspect_kw: 180, note: "A new mill" };

    expect(remarks(row)).toEqual([
      "at least: readings are missing",
      "a spike of 180\u00a0kW does not count",
      "A new mill",
    ]);
    expect(remarks(MONTH)).toEqual([]);
  });
});

describe("faults of substations", () => {
  const FAULT = {
    fault: "lagging",
    substation_name: "North",
    kw: null,
    kvar: 371.3,
    began_at: "2026-01-04T07:00:00-06:00",
    ended_at: null,
  };

  it("are those that are not over", () => {
    expect(openFaults([FAULT, { ...FAULT, ended_at: FAULT.began_at }])).toEqual([
      FAULT,
    ]);
  });

  it("say what and how much, and of the whole area if it is", () => {
    const rows = [
      FAULT,
      { ...FAULT, fault: "sum_differs", substation_name: null, kw: -250, kvar: null },
      { ...FAULT, fault: "unheard_of", kvar: null },
    ];

    const shown = rows.map((row) =>
      faultColumns()
        .slice(0, 3)
        .map(({ show }) => show(row)),
    );

    expect(shown).toEqual([
      ["Lagging: capacitors are wanting", "North", "371\u00a0kVAR"],
      ["Sum is not the area's load", "the whole area", "\u2212250\u00a0kW"],
      ["unheard_of", "North", "–"],
    ]);
  });
});
