/** What the server knows of each day of each series. */

export const KINDS = ["price", "usage", "load", "substations"] as const;
export type Kind = (typeof KINDS)[number];

export const DAY_STATES = [
  "complete",
  "estimated",
  "partial",
  "missing",
  "unavailable",
] as const;
export type DayState = (typeof DAY_STATES)[number];

/** What a series is of. */
export interface SeriesName {
  readonly kind: Kind;
  /** Site id, or area number as text. */
  readonly owner: string;
  /** Prices: channel type; usage: register; KAMO: null. */
  readonly channel: string | null;
}

export interface DayAnswer {
  /** NEM date of Amber, Central date of KAMO. */
  readonly day: string;
  readonly state: DayState;
  readonly expected_minutes: number;
  readonly present_minutes: number;
}

export interface SeriesDaysAnswer extends SeriesName {
  /** Ascending; a day that is not there was never asked for. */
  readonly days: readonly DayAnswer[];
}

export interface LedgerAnswer {
  readonly start: string;
  readonly end: string;
  readonly series: readonly SeriesDaysAnswer[];
}

export interface GapAnswer extends SeriesName {
  readonly day: string;
  readonly state: DayState;
  readonly expected_minutes: number;
  readonly present_minutes: number;
  readonly missing_minutes: number;
  readonly cause: string | null;
  readonly is_marked: boolean;
  readonly can_be_repaired: boolean;
  readonly why_not: string | null;
}

export interface GapsAnswer {
  readonly gaps: readonly GapAnswer[];
}

export interface RepairedAnswer {
  readonly marked: number;
  readonly not_repairable: readonly {
    readonly why_not: string;
    readonly days: number;
  }[];
  readonly backfill: "started" | "queued" | "not_needed" | "not_set_up";
}
