import { expect, test } from "vitest";
import { formatOrder, parseOrder, sorted } from "../../src/table/columns";

interface Row {
  readonly name: string;
  readonly kw: number | null;
}
const ROWS: readonly Row[] = [
  { name: "Sub 10", kw: 5 },
  { name: "sub 9", kw: null },
  { name: "Élan", kw: 7 },
  { name: "Sub 2", kw: 5 },
];
const COLUMNS = [
  {
    key: "name",
    label: "Name",
    show: (row: Row) => row.name,
    value: (row: Row) => row.name,
  },
  { key: "kw", label: "kW", show: (row: Row) => row.kw, value: (row: Row) => row.kw },
];
const names = (by: string, isDescending: boolean) =>
  sorted(ROWS, COLUMNS, { by, isDescending }).map(({ name }) => name);

test("names are in the order of people, numbers in them as numbers", () => {
  expect(names("name", false)).toEqual(["Élan", "Sub 2", "sub 9", "Sub 10"]);
});

test("what is not known comes last both ways, and equals stay as they are", () => {
  expect(names("kw", true)).toEqual(["Élan", "Sub 10", "Sub 2", "sub 9"]);
  expect(names("kw", false)).toEqual(["Sub 10", "Sub 2", "Élan", "sub 9"]);
});

test("an order that no column has leaves rows as they come", () => {
  expect(names("unknown", true)).toEqual(ROWS.map(({ name }) => name));
});

test("an order is a word of the address", () => {
  const order = { by: "load", isDescending: true };
  expect(parseOrder(formatOrder(order), { by: "name", isDescending: false })).toEqual(
    order,
  );
  expect(parseOrder(undefined, order)).toEqual(order);
});
