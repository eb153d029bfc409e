/** What the server tells of a site's usage and its cost. */

/** A register in a period; energy and money are positive in the channel's direction. */
export interface RegisterCostAnswer {
  readonly channel_identifier: string;
  readonly channel_type: string;
  readonly energy_kwh: number;
  /** Null where nothing of it has a cost. */
  readonly cost_aud: number | null;
  readonly estimated_minutes: number;
  readonly unpriced_minutes: number;
}

/** A NEM date, month or year that has any usage. */
export interface PeriodCostAnswer {
  /** Its first date. */
  readonly date: string;
  readonly is_complete: boolean;
  readonly registers: readonly RegisterCostAnswer[];
}

export interface CostsAnswer {
  readonly period: "day" | "month" | "year";
  readonly data: readonly PeriodCostAnswer[];
}
