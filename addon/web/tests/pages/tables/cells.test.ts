import { describe, expect, it } from "vitest";
import { cellText } from "../../../src/pages/tables/cells";

describe("a cell", () => {
  it("keeps every digit of a number and groups it, unless it numbers something", () => {
    expect(cellText(1032011.7, "number", "load_kw", "en-AU")).toBe("1,032,011.7");
    expect(cellText(-0.00012, "number", "cost", "en-AU")).toBe("−0.00012");
    expect(cellText(12345, "number", "run_id", "en-AU")).toBe("12345");
  });

  it("names the clock of a time", () => {
    expect(cellText("2026-01-04T02:00:00Z", "time", "hour_at")).toBe(
      "2026-01-04 02:00:00 UTC",
    );
    expect(cellText("2026-01-04T12:00:00+10:00", "time", "nem_time")).toBe(
      "2026-01-04 12:00:00 UTC+10",
    );
  });

  it("tells nothing from false and zero", () => {
    expect(cellText(null, "number", "load_kw")).toBe("–");
    expect(cellText(0, "number", "load_kw", "en-AU")).toBe("0");
    expect(cellText(false, "bool", "is_gone")).toBe("no");
  });

  it("leaves texts and dates as they are", () => {
    expect(cellText("<b>T</b>", "text", "name")).toBe("<b>T</b>");
    expect(cellText("2026-01-04", "date", "day")).toBe("2026-01-04");
  });
});
