/** What the server answers about KAMO's areas, and which of them the reader looks at. */

export interface AreaAnswer {
  readonly id: number;
  readonly name: string;
  readonly abbreviation: string;
  readonly is_aggregate: boolean;
}

export interface CurrentLoadAnswer {
  readonly load_kw: number;
  readonly timestamp: string;
}

export interface HeadroomAnswer {
  readonly area_id: number;
  readonly area_name: string;
  readonly load_kw: number;
  readonly timestamp: string;
  readonly month: string;
  readonly peak_kw: number;
  readonly peak_at: string;
  readonly headroom_kw: number;
  /** 1 at the peak. */
  readonly load_share_of_peak: number;
}

/** A Central month of an area. */
export interface MonthAnswer {
  /** Such as 2026-01. */
  readonly month: string;
  readonly peak_kw: number;
  readonly peak_at: string;
  readonly mean_kw: number;
  /** Mean as a share of the peak. */
  readonly load_factor: number | null;
  readonly system_peak_at: string | null;
  /** Load in the hour of KAMO's peak. */
  readonly coincident_kw: number | null;
  /** Hours with a value. */
  readonly hours: number;
  /** Whether it is over and every hour is there. */
  readonly is_complete: boolean;
}

export interface MonthsAnswer {
  /** The newest first. */
  readonly data: readonly MonthAnswer[];
}

/** Of an area over the last hours. */
export interface LoadStatsAnswer {
  readonly period_hours: number;
  readonly record_count: number;
  readonly min_kw: number;
  readonly max_kw: number;
  readonly avg_kw: number;
}

/** A substation at one moment. */
export interface SubstationReading {
  readonly substation_name: string;
  readonly kw: number;
  /** KAMO's sign; null where it was not sent. */
  readonly kvar: number | null;
}

export interface SubstationsAnswer {
  readonly area_name: string;
  /** When all of them were read. */
  readonly snapshot_time: string;
  readonly substations: readonly SubstationReading[];
  readonly total: {
    readonly kw: number;
    readonly kvar: number | null;
    /** That of the sums, 0 to 1. */
    readonly pf: number | null;
  };
}

/** Of a substation over the last hours. */
export interface SubstationStatsAnswer {
  readonly period_hours: number;
  readonly snapshot_count: number;
  readonly min_kw: number;
  readonly max_kw: number;
  readonly avg_kw: number;
  /** That of the sums, 0 to 1. */
  readonly avg_pf: number | null;
}

const KEPT_AS = "energy-logger-area";
/** The sum of all areas. */
const EVERYTHING = "KAMO";

/** Returns the abbreviation of the area that the reader chose on this device. */
export function keptArea(): string {
  try {
    return localStorage.getItem(KEPT_AS) ?? EVERYTHING;
  } catch {
    return EVERYTHING;
  }
}

/** Keeps the reader's choice on this device. */
export function keepArea(abbreviation: string): void {
  try {
    localStorage.setItem(KEPT_AS, abbreviation);
  } catch {
    // the address still says it
  }
}
