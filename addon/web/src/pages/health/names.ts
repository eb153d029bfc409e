/** What series are called; pure. */

import { type SiteAnswer, siteName } from "../../api/amber";
import type { AreaAnswer } from "../../api/kamo";
import type { DayState, Kind, SeriesName } from "../../api/ledger";
import { texts } from "../../texts/texts";
import { type DateText, nemDate } from "../../time/dates";
import { CENTRAL, NEM, wallClockAt, type ZoneName } from "../../time/zones";

/** What owners of series are called, by their ids. */
export type OwnerNames = ReadonlyMap<string, string>;

/** Returns the names of sites and areas. */
export function ownerNames(
  sites: readonly SiteAnswer[],
  areas: readonly AreaAnswer[],
): OwnerNames {
  return new Map([
    ...sites.map((site): [string, string] => [site.id, siteName(site, sites)]),
    ...areas.map(({ id, name }): [string, string] => [String(id), name]),
  ]);
}

/** Returns what a series is called beside others of its kind. */
export function shortName({ owner, channel }: SeriesName, names: OwnerNames): string {
  const name = names.get(owner) ?? owner;
  if (channel === null) return name;
  return `${name}, ${texts.sites.channels[channel] ?? channel}`;
}

/** Returns what a series is called beside all others. */
export function fullName(series: SeriesName, names: OwnerNames): string {
  return `${texts.health.kinds[series.kind]}: ${shortName(series, names)}`;
}

/** Marks of states, for those who do not tell their colours apart. */
export const MARKS: Readonly<Record<DayState, string>> = {
  complete: "✓",
  estimated: "≈",
  partial: "◐",
  missing: "✕",
  unavailable: "∅",
};

function zoneOf(kind: Kind): ZoneName {
  return kind === "price" || kind === "usage" ? NEM : CENTRAL;
}

/** Returns the date of an instant on a kind's clock. */
export function dateOf(kind: Kind, atMs: number): DateText {
  if (zoneOf(kind) === NEM) return nemDate(atMs);
  const { year, month, day } = wallClockAt(CENTRAL, atMs);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

/** Returns whose clock a kind's days are of. */
export function clockOf(kind: Kind): string {
  return zoneOf(kind) === NEM ? texts.health.nem : texts.health.central;
}
