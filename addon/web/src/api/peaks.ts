/** What the server's peak watch says, and what that was worth. */

export type Likelihood = "unlikely" | "possible" | "likely";

/** How likely something is; the per cents only where they are honest. */
interface Likely {
  readonly likelihood: Likelihood;
  readonly probability_percent: number | null;
}

export interface AnnouncedHour extends Likely {
  readonly starts_at: string;
  readonly ends_at: string;
  readonly announced_at: string;
  readonly withdrawn_at: string | null;
}

/** An hour that is not over. */
export interface HourAhead extends Likely {
  readonly starts_at: string;
  readonly ends_at: string;
  readonly load_kw: number | null;
  /** One load of ten is below. */
  readonly low_kw: number | null;
  /** One load of ten is above. */
  readonly high_kw: number | null;
}

export interface PeakWatchAnswer {
  readonly area_id: number;
  readonly area_name: string;
  readonly area_abbreviation: string;
  readonly lead_hours: number;
  /** Of a month, or of a season if that is billed. */
  readonly budget_hours: number;
  readonly hours_left: number;
  /** Whether there is a year of history to go by. */
  readonly is_trained: boolean;
  /** Whether an announced hour stands that is not over. */
  readonly is_open: boolean;
  readonly peak_kw: number | null;
  readonly peak_at: string | null;
  readonly load_kw: number | null;
  readonly load_at: string | null;
  readonly headroom_kw: number | null;
  readonly announced: readonly AnnouncedHour[];
  /** Null before the first look, and without any load of the last day. */
  readonly outlook: (Likely & { readonly hours: readonly HourAhead[] }) | null;
}

export type Outcome = "pending" | "withdrawn" | "highest" | "caught" | "false_alarm";

export interface JudgedHour extends AnnouncedHour {
  readonly outcome: Outcome;
  readonly load_kw: number | null;
  readonly below_peak_kw: number | null;
}

export interface AnnouncedMonth {
  /** Such as 2026-01. */
  readonly month: string;
  readonly peak_kw: number | null;
  readonly peak_at: string | null;
  readonly is_over: boolean;
  /** Null while another hour may become the peak. */
  readonly is_caught: boolean | null;
  readonly announced: readonly JudgedHour[];
}

export interface AnnouncementsAnswer {
  readonly months_over: number;
  readonly months_caught: number;
  /** The newest first. */
  readonly months: readonly AnnouncedMonth[];
}
