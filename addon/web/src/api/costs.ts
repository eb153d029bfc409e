/** What the server answers about a site's usage and its cost. */

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

/** A register in one period of its tariff. */
export interface TariffCostAnswer extends RegisterCostAnswer {
  /** Upstream's names; null where it has none. */
  readonly tariff_period: string | null;
  readonly tariff_season: string | null;
  readonly tariff_block: number | null;
  readonly is_demand_window: boolean | null;
}

export interface TariffCostsAnswer {
  readonly data: readonly TariffCostAnswer[];
}

export interface CostsAnswer {
  readonly period: "day" | "month" | "year";
  readonly data: readonly PeriodCostAnswer[];
}
