import { expect, test } from "vitest";
import { changedView, formatRoute, parseRoute } from "../../src/routing/route";

test.each([
  ["", { page: "", view: {} }],
  ["#", { page: "", view: {} }],
  ["#/", { page: "", view: {} }],
  ["#/inspector/", { page: "inspector", view: {} }],
  ["#//inspector", { page: "inspector", view: {} }],
  [
    "#/inspector?area=OZEC&span=24h",
    { page: "inspector", view: { area: "OZEC", span: "24h" } },
  ],
])("%s names a page and what it shows", (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
});

test("an address gives back the view it was made of, whatever stands in it", () => {
  const view = { name: '<img src="x">&=#?\n', area: "Ozark Electric" };
  expect(parseRoute(formatRoute({ page: "inspector", view }))).toEqual({
    page: "inspector",
    view,
  });
});

test("changes add and take away, and leave the rest of the view", () => {
  const changed = changedView(
    { area: "OZEC", span: "24h" },
    { span: null, sort: "-load" },
  );
  expect(changed).toEqual({ area: "OZEC", sort: "-load" });
});
