/** Wall clocks of the zones in which times are shown; pure. */

/** A zone of the IANA database. */
export type ZoneName = string;

/** NEM time: UTC+10 in every season. The sign of Etc zones is the other way round. */
export const NEM: ZoneName = "Etc/GMT-10";
/** The clock of KAMO's labels. */
export const CENTRAL: ZoneName = "America/Chicago";

/** The zone of the reader's browser. */
export function browserZone(): ZoneName {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** What a clock on the wall shows; months and weekdays as people count them. */
export interface WallClock {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const formats = new Map<ZoneName, Intl.DateTimeFormat>();

function numeric(zone: ZoneName): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(zone, format);
  }
  return format;
}

/** Returns what a clock in `zone` shows at an instant (milliseconds since 1970, UTC). */
export function wallClockAt(zone: ZoneName, instantMs: number): WallClock {
  const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of numeric(zone).formatToParts(instantMs)) {
    if (type in parts) parts[type as keyof typeof parts] = Number(value);
  }
  return parts;
}

function asIfUtc(wall: WallClock): number {
  const { year, month, day, hour, minute, second } = wall;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Returns how far `zone` is ahead of UTC at an instant, in minutes. */
export function offsetMinutesAt(zone: ZoneName, instantMs: number): number {
  const whole = Math.floor(instantMs / 1000) * 1000;
  return (asIfUtc(wallClockAt(zone, whole)) - whole) / MINUTE_MS;
}

/**
 * Returns the instants at which a clock in `zone` shows `wall`, ascending.
 *
 * None in the hour that a night in spring skips, two in the one that autumn repeats.
 */
export function instantsOf(zone: ZoneName, wall: WallClock): number[] {
  const near = asIfUtc(wall);
  const offsets = new Set(
    [near - DAY_MS, near + DAY_MS].map((at) => offsetMinutesAt(zone, at)),
  );
  return [...offsets]
    .map((offset) => near - offset * MINUTE_MS)
    .filter((at) => asIfUtc(wallClockAt(zone, at)) === near)
    .sort((one, other) => one - other);
}

/** Returns whether the clock in `zone` shows the same once more, an hour apart. */
export function isRepeated(zone: ZoneName, instantMs: number): boolean {
  return instantsOf(zone, wallClockAt(zone, instantMs)).length > 1;
}

/**
 * Returns the first instant of the date that is `days` after that of `instantMs`.
 *
 * Where a date begins with a skipped hour, the instant after it.
 */
export function startOfDay(zone: ZoneName, instantMs: number, days = 0): number {
  const { year, month, day } = wallClockAt(zone, instantMs);
  return startOfDate(zone, year, month, day + days);
}

/** Returns the first instant of the month that is `months` after that of `instantMs`. */
export function startOfMonth(zone: ZoneName, instantMs: number, months = 0): number {
  const { year, month } = wallClockAt(zone, instantMs);
  return startOfDate(zone, year, month + months, 1);
}

/** Months and days beyond their range carry over, as in 2026-13-01. */
function startOfDate(zone: ZoneName, year: number, month: number, day: number): number {
  const midnight = new Date(Date.UTC(year, month - 1, day));
  const wall: WallClock = {
    year: midnight.getUTCFullYear(),
    month: midnight.getUTCMonth() + 1,
    day: midnight.getUTCDate(),
    hour: 0,
    minute: 0,
    second: 0,
  };
  const found = instantsOf(zone, wall)[0];
  if (found !== undefined) return found;
  return (
    midnight.getTime() - offsetMinutesAt(zone, midnight.getTime() - DAY_MS) * MINUTE_MS
  );
}

export { DAY_MS, HOUR_MS, MINUTE_MS };
