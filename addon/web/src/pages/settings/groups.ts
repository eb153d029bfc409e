/** Which settings stand together, and in what they are counted; pure. */

import type { SettingAnswer } from "../../api/settings";

/** Setting that has a card of its own: it is tried before it is saved. */
export const TOKEN = "AMBER_API_KEY";

export const GROUPS = ["amber", "kamo", "mail", "server"] as const;
export type Group = (typeof GROUPS)[number];

const BEGINNINGS: readonly (readonly [string, Group])[] = [
  ["AMBER_", "amber"],
  ["HISTORICAL_", "amber"],
  ["COLLECT", "amber"],
  ["FORECAST_", "amber"],
  ["FORCE_", "amber"],
  ["KAMO_", "kamo"],
  ["POLL_", "kamo"],
  ["PEAK_WATCH_", "kamo"],
  ["SUBSTATION_", "kamo"],
  ["SMTP_", "mail"],
  ["NOTIFICATION_", "mail"],
  ["PUBLIC_", "mail"],
];

/** Returns where a setting stands; one that is not known stands with the server's. */
export function groupOf(name: string): Group {
  return BEGINNINGS.find(([beginning]) => name.startsWith(beginning))?.[1] ?? "server";
}

/** A setting with its name. */
export interface NamedSetting {
  readonly name: string;
  readonly setting: SettingAnswer;
}

/** Returns the settings of a group that can be changed on a form, as they come. */
export function editableIn(
  group: Group,
  settings: Readonly<Record<string, SettingAnswer>>,
): readonly NamedSetting[] {
  return Object.entries(settings)
    .filter(([name, { is_editable }]) => is_editable && name !== TOKEN)
    .filter(([name]) => groupOf(name) === group)
    .map(([name, setting]) => ({ name, setting }));
}

/** Returns the settings that hold as long as the server runs. */
export function fixedIn(
  settings: Readonly<Record<string, SettingAnswer>>,
): readonly NamedSetting[] {
  return Object.entries(settings)
    .filter(([, { is_editable }]) => !is_editable)
    .map(([name, setting]) => ({ name, setting }));
}

/** Returns the unit that a setting's name ends in or carries; "" for none. */
export function unitOf(name: string): "minutes" | "hours" | "" {
  const words = name.split("_");
  if (words.includes("MINUTES")) return "minutes";
  return words.includes("HOURS") ? "hours" : "";
}
