import { describe, expect, test } from "vitest";
import {
  comparedDates,
  formatZoom,
  parsePriceView,
  shownDates,
} from "../../../src/pages/prices/price_view";

const TODAY = "2026-01-15";
const view = (asked: Record<string, string>) => parsePriceView(asked, TODAY);

test("an address that asks for nothing shows today and what is expected", () => {
  expect(view({}).isAhead).toBe(true);
  expect(shownDates(view({}))).toEqual({ first: TODAY, end: "2026-01-18" });
});

test("a date of the address is shown alone", () => {
  expect(shownDates(view({ date: "2026-01-14" }))).toEqual({
    first: "2026-01-14",
    end: TODAY,
  });
});

test("what an address says wrongly is as if it were not there", () => {
  const wrong = { date: "soon", length: "decade", compare: "luck", zoom: "9-1" };

  expect(view(wrong)).toEqual(view({}));
});

describe("comparing", () => {
  test.each([
    [{ compare: "before", date: "2026-01-14" }, "2026-01-13", "2026-01-14"],
    [{ compare: "week", date: "2026-01-14" }, "2026-01-07", "2026-01-08"],
    [{ compare: "2025-12-25", date: "2026-01-14" }, "2025-12-25", "2025-12-26"],
    [{ compare: "before", length: "week" }, "2026-01-05", "2026-01-12"],
    // as many days as are shown, so that they lie below one another
    [{ compare: "before", length: "month" }, "2025-12-01", "2026-01-01"],
    [{ compare: "week" }, "2026-01-08", "2026-01-11"],
  ])("%j is with %s until %s", (asked, first, end) => {
    expect(comparedDates(view(asked as Record<string, string>))).toEqual({
      first,
      end,
    });
  });

  test("nothing is compared unless asked for", () => {
    expect(comparedDates(view({}))).toBeNull();
  });
});

test("a zoom survives the address to the second", () => {
  const span = { from: 1_768_400_000_000, to: 1_768_450_000_000 };

  expect(view({ zoom: formatZoom(span) }).zoom).toEqual(span);
});
