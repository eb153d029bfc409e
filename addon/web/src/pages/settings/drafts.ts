/** What the reader wrote and has not saved; pure. */

import type { SettingAnswer, SettingValue } from "../../api/settings";

/** Texts by name of the setting. */
export type Drafts = Readonly<Record<string, string>>;

/** Returns a value as it stands in a field; nothing is an empty field. */
export function textOf(value: SettingValue): string {
  return value === null ? "" : String(value);
}

/** Returns the drafts that differ from what is in force. */
export function changesIn(
  drafts: Drafts,
  settings: Readonly<Record<string, SettingAnswer>>,
): Drafts {
  return Object.fromEntries(
    Object.entries(drafts).filter(([name, text]) => {
      const setting = settings[name];
      return setting !== undefined && text.trim() !== textOf(setting.value);
    }),
  );
}

/** Returns the drafts without some of them. */
export function without(drafts: Drafts, names: readonly string[]): Drafts {
  return Object.fromEntries(
    Object.entries(drafts).filter(([name]) => !names.includes(name)),
  );
}
