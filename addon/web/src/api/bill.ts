/** What the server answers about an area's demand bill, and of its substations. */

/** A day among a season's highest. */
export interface BilledDayAnswer {
  readonly season: "summer" | "winter";
  readonly date: string;
  readonly peak_at: string;
  readonly peak_kw: number;
  /** False of the next one out. */
  readonly is_billed: boolean;
  readonly above_next_kw: number | null;
}

export interface SeasonAnswer {
  readonly season: "summer" | "winter";
  readonly to_enter_kw: number | null;
  readonly days: readonly BilledDayAnswer[];
}

/** A substation's own peak of a month. */
export interface SubstationMonthAnswer {
  readonly substation_name: string;
  readonly month: string;
  readonly peak_kw: number;
  readonly peak_at: string;
  /** Whether it may have been higher. */
  readonly is_at_least: boolean;
  readonly suspect_kw: number | null;
  readonly note: string | null;
}

export interface BillAnswer {
  readonly peak_kw: number;
  readonly base_kw: number;
  readonly billed_kw: number;
}

export interface DeterminantsAnswer {
  readonly first_date: string;
  readonly seasons: readonly SeasonAnswer[];
  readonly substations: readonly SubstationMonthAnswer[];
  readonly so_far: BillAnswer | null;
  readonly projected: BillAnswer | null;
  readonly projected_months: number;
  readonly day_kw_less: number;
  readonly substation_kw_less: number;
}

/** Something that is or was wrong with a substation, or with its area. */
export interface FaultAnswer {
  readonly fault: string;
  readonly substation_name: string | null;
  readonly kw: number | null;
  readonly kvar: number | null;
  readonly began_at: string;
  readonly ended_at: string | null;
}

export interface SubstationHealthAnswer {
  readonly is_watched: boolean;
  /** The newest first. */
  readonly data: readonly FaultAnswer[];
}
