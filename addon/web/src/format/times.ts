/** Instants and ages as the reader's language writes them, with the clock named; pure. */

import { browserZone, CENTRAL, isRepeated, NEM, type ZoneName } from "../time/zones";

/** How much of an instant is shown. */
export type Detail =
  | "time"
  | "hour"
  | "date"
  | "day"
  | "shortDay"
  | "both"
  | "month"
  | "shortMonth"
  | "year";

const OPTIONS: Record<Detail, Intl.DateTimeFormatOptions> = {
  time: { hour: "numeric", minute: "2-digit" },
  hour: { hour: "numeric" },
  date: { day: "numeric", month: "short", year: "numeric" },
  day: { weekday: "short", day: "numeric", month: "short" },
  both: {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
  },
  shortDay: { day: "numeric", month: "short" },
  month: { month: "long", year: "numeric" },
  shortMonth: { month: "short" },
  year: { year: "numeric" },
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** Returns an instant on the clock of `zone`. */
export function instant(
  atMs: number,
  zone: ZoneName,
  detail: Detail,
  locale?: string,
): string {
  const key = `${zone} ${detail} ${locale ?? ""}`;
  let format = formats.get(key);
  if (format === undefined) {
    const options = { ...OPTIONS[detail], timeZone: zone };
    format = new Intl.DateTimeFormat(locale, options);
    if (format.resolvedOptions().hourCycle === "h23") {
      // 09:05 where a day has 24 hours, and 9:05 am where it has twice twelve
      format = new Intl.DateTimeFormat(locale, { ...options, hour: "2-digit" });
    }
    formats.set(key, format);
  }
  return format.format(atMs);
}

/** Returns the time of day; in the hour that autumn repeats, with which of the two. */
export function clockTime(atMs: number, zone: ZoneName, locale?: string): string {
  const text = instant(atMs, zone, "time", locale);
  return isRepeated(zone, atMs) ? `${text} ${zoneAbbreviation(atMs, zone)}` : text;
}

/** Returns an instant with its day, such as "Fri 2 Jan, 9 am". */
export function dayTime(
  atMs: number,
  zone: ZoneName,
  detail: "day" | "date" = "day",
  locale?: string,
): string {
  return `${instant(atMs, zone, detail, locale)}, ${clockTime(atMs, zone, locale)}`;
}

/** Returns a whole hour as briefly as its clock allows: 9 am, or 09:00. */
export function hourTime(atMs: number, zone: ZoneName, locale?: string): string {
  const text = instant(atMs, zone, hasHalves(locale) ? "hour" : "time", locale);
  return isRepeated(zone, atMs) ? `${text} ${zoneAbbreviation(atMs, zone)}` : text;
}

/** Returns whether days have twice twelve hours where the reader is. */
function hasHalves(locale?: string): boolean {
  const { hour12 } = new Intl.DateTimeFormat(locale, OPTIONS.time).resolvedOptions();
  return hour12 === true;
}

/** Returns what people call the zone's offset at an instant, such as CST or GMT+10. */
export function zoneAbbreviation(atMs: number, zone: ZoneName): string {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    timeZoneName: "short",
  }).formatToParts(atMs);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? zone;
}

/** Returns what a clock is called on the pages. */
export function zoneLabel(zone: ZoneName): string {
  if (zone === NEM) return "NEM time (UTC+10)";
  if (zone === CENTRAL) return "Central time";
  if (zone === browserZone()) return `your time (${zone.replaceAll("_", " ")})`;
  return zone.replaceAll("_", " ");
}

const AGES: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** Returns how long ago or ahead an instant is, such as "3 min. ago". */
export function relative(atMs: number, nowMs: number, locale?: string): string {
  const seconds = (atMs - nowMs) / 1000;
  const [unit, size] = AGES.find(([, length]) => Math.abs(seconds) >= length) ?? [
    "second" as const,
    1,
  ];
  return new Intl.RelativeTimeFormat(locale, {
    style: "short",
    numeric: "auto",
  }).format(Math.trunc(seconds / size), unit);
}

/** Returns a duration in minutes as hours and minutes. */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = Math.round(minutes % 60);
  if (hours === 0) return `${rest}\u00a0min`;
  return rest === 0 ? `${hours}\u00a0h` : `${hours}\u00a0h ${rest}\u00a0min`;
}
