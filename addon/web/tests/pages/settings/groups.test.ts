import { describe, expect, it } from "vitest";
import type { SettingAnswer } from "../../../src/api/settings";
import {
  editableIn,
  fixedIn,
  groupOf,
  unitOf,
} from "../../../src/pages/settings/groups";

function setting(isEditable: boolean): SettingAnswer {
  return {
    value: null,
    description: "",
    type: "string",
    default: null,
    choices: [],
    allowed: "",
    source: "default",
    is_editable: isEditable,
    is_secret: false,
    is_set: false,
    problem: null,
  };
}

const SETTINGS = {
  AMBER_API_KEY: setting(true),
  POLL_INTERVAL_MINUTES: setting(true),
  KAMO_ENABLED: setting(true),
  DATA_DIR: setting(false),
  NEW_IN_A_LATER_VERSION: setting(true),
};

describe("groups of settings", () => {
  it("have every setting that can be changed once, but the token", () => {
    const shown = (["amber", "kamo", "mail", "server"] as const).flatMap((group) =>
      editableIn(group, SETTINGS).map(({ name }) => name),
    );

    expect(shown).toEqual([
      "POLL_INTERVAL_MINUTES",
      "KAMO_ENABLED",
      "NEW_IN_A_LATER_VERSION",
    ]);
  });

  it("leave out what is locked, which stands apart", () => {
    expect(fixedIn(SETTINGS).map(({ name }) => name)).toEqual(["DATA_DIR"]);
  });

  it("put what is not known with the server's", () => {
    expect(groupOf("NEW_IN_A_LATER_VERSION")).toBe("server");
    expect(groupOf("COLLECTION_INTERVAL_MINUTES")).toBe("amber");
  });
});

describe("the unit", () => {
  it("is read from the name", () => {
    expect(unitOf("POLL_INTERVAL_MINUTES")).toBe("minutes");
    expect(unitOf("FORECAST_HOURS_AHEAD")).toBe("hours");
    expect(unitOf("SMTP_PORT")).toBe("");
  });
});
