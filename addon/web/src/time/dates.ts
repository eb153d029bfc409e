/** Dates and the periods that they belong to, as ``2026-01-15``; pure, without a clock. */

import { DAY_MS, HOUR_MS } from "./zones";

/** A date of some calendar, as ISO 8601 writes it. */
export type DateText = string;

/** Of what length a period is. */
export type Length = "day" | "week" | "month" | "year";

/** Dates from `first` on; `end` does not belong to them. */
export interface Dates {
  readonly first: DateText;
  readonly end: DateText;
}

const NEM_AHEAD_MS = 10 * HOUR_MS;

/** Returns whether a text, such as one of an address, is a date that there is. */
export function isDate(text: string | undefined): text is DateText {
  if (text === undefined || !/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const at = Date.parse(text);
  return !Number.isNaN(at) && written(at) === text;
}

/** Returns the date that a calendar in NEM time shows at an instant (milliseconds). */
export function nemDate(atMs: number): DateText {
  return written(atMs + NEM_AHEAD_MS);
}

/** Returns the instant (milliseconds) at which a date begins in NEM time. */
export function nemStart(date: DateText): number {
  return Date.parse(date) - NEM_AHEAD_MS;
}

/** Returns the date that is so many days later. */
export function plusDays(date: DateText, days: number): DateText {
  return written(Date.parse(date) + days * DAY_MS);
}

/** Returns how many days there are from one date to another. */
export function daysBetween(from: DateText, to: DateText): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}

/** Returns the period that a date is in; weeks begin on Monday. */
export function datesOf(length: Length, date: DateText): Dates {
  const first = firstOf(length, date);
  return { first, end: firstAfter(length, first, 1) };
}

/** Returns the first date of the period that is `by` periods later. */
export function steppedBy(length: Length, date: DateText, by: number): DateText {
  return firstAfter(length, firstOf(length, date), by);
}

function firstOf(length: Length, date: DateText): DateText {
  if (length === "year") return `${date.slice(0, 4)}-01-01`;
  if (length === "month") return `${date.slice(0, 7)}-01`;
  if (length === "day") return date;
  const daysSinceMonday = (new Date(date).getUTCDay() + 6) % 7;
  return plusDays(date, -daysSinceMonday);
}

function firstAfter(length: Length, first: DateText, by: number): DateText {
  if (length === "day") return plusDays(first, by);
  if (length === "week") return plusDays(first, 7 * by);
  const at = new Date(first);
  const months = length === "year" ? 12 * by : by;
  return written(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1));
}

function written(atMs: number): DateText {
  return new Date(atMs).toISOString().slice(0, 10);
}
