/** What the server tells of KAMO's areas, and which of them the reader looks at. */

export interface AreaAnswer {
  readonly id: number;
  readonly name: string;
  readonly abbreviation: string;
  readonly is_aggregate: boolean;
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
