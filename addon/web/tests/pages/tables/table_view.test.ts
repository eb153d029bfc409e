import { describe, expect, it } from "vitest";
import {
  filterKey,
  limitText,
  operatorsOf,
  tableQuery,
  tableView,
} from "../../../src/pages/tables/table_view";

describe("the address of a table", () => {
  it("has filters under the server's own names", () => {
    const view = tableView({
      table: "loads",
      area__exact: "BAEC",
      load_kw__gte: "100",
      other: "x",
      __gte: "1",
      load_kw__unheard: "1",
    });

    expect(view.filters).toEqual([
      { column: "area", operator: "exact", value: "BAEC" },
      { column: "load_kw", operator: "gte", value: "100" },
    ]);
    expect(view.filters.map(filterKey)).toEqual(["area__exact", "load_kw__gte"]);
  });

  it("shows everything in the server's order where it says nothing", () => {
    expect(tableView({})).toEqual({
      table: "",
      filters: [],
      order: null,
      columns: null,
      limit: 50,
      cursor: null,
    });
  });

  it("takes only lengths of pages that there are", () => {
    expect(tableView({ limit: "250" }).limit).toBe(250);
    expect(tableView({ limit: "7" }).limit).toBe(50);
    expect(limitText(50)).toBeNull();
    expect(limitText(100)).toBe("100");
  });
});

describe("the question to the server", () => {
  it("has all that the address says", () => {
    const view = tableView({
      table: "loads",
      sort: "-load_kw",
      columns: "area,load_kw",
      limit: "100",
      cursor: "abc",
      hour_at__lt: "2026-01-04",
    });

    expect(tableQuery(view)).toEqual({
      limit: 100,
      cursor: "abc",
      sort_by: "load_kw",
      sort_order: "desc",
      columns: "area,load_kw",
      hour_at__lt: "2026-01-04",
    });
  });

  it("says the way of an order only with its column", () => {
    expect(tableQuery(tableView({ sort: "area" })).sort_order).toBe("asc");
    expect(tableQuery(tableView({})).sort_order).toBeNull();
  });
});

describe("conditions", () => {
  it("are those that the column's type allows", () => {
    expect(operatorsOf("bool")).toEqual(["exact", "ne", "isnull"]);
    expect(operatorsOf("text")).toContain("contains");
    expect(operatorsOf("number")).not.toContain("contains");
  });
});
