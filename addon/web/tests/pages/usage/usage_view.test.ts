import { expect, test } from "vitest";
import {
  datesBefore,
  parseUsageView,
  shownDates,
} from "../../../src/pages/usage/usage_view";

const TODAY = "2026-01-15";

test("an address that asks for nothing shows this month's energy", () => {
  const view = parseUsageView({}, TODAY);

  expect(view.measure).toBe("energy");
  expect(shownDates(view)).toEqual({ first: "2026-01-01", end: "2026-02-01" });
  expect(datesBefore(view)).toEqual({ first: "2025-12-01", end: "2026-01-01" });
});

test("what an address says wrongly is as if it were not there", () => {
  const wrong = { length: "decade", date: "2026-02-30", measure: "luck" };

  expect(parseUsageView(wrong, TODAY)).toEqual(parseUsageView({}, TODAY));
});
