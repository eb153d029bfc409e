import { describe, expect, it } from "vitest";
import type { SettingAnswer } from "../../../src/api/settings";
import { changesIn, textOf, without } from "../../../src/pages/settings/drafts";

const settings = {
  SMTP_PORT: { value: 587 },
  KAMO_ENABLED: { value: true },
  SMTP_HOST: { value: null },
} as unknown as Record<string, SettingAnswer>;

describe("drafts", () => {
  it("are no change while they say what is in force", () => {
    const drafts = { SMTP_PORT: " 587 ", KAMO_ENABLED: "true", SMTP_HOST: "" };

    expect(changesIn(drafts, settings)).toEqual({});
  });

  it("are a change when they say something else, nothing included", () => {
    const drafts = { SMTP_PORT: "", KAMO_ENABLED: "false", SMTP_HOST: "mail" };

    expect(changesIn(drafts, settings)).toEqual(drafts);
  });

  it("of settings that are gone are left out", () => {
    expect(changesIn({ GONE: "1" }, settings)).toEqual({});
  });

  it("can be taken back one by one", () => {
    expect(without({ A: "1", B: "2" }, ["A"])).toEqual({ B: "2" });
  });
});

describe("a value in a field", () => {
  it("is empty for nothing", () => {
    expect(textOf(null)).toBe("");
    expect(textOf(0)).toBe("0");
  });
});
