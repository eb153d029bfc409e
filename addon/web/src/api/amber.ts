/** What the server tells of Amber's sites. */

export interface SiteAnswer {
  readonly id: string;
  readonly nmi: string;
  readonly network: string;
  readonly is_gone: boolean;
  readonly channels: readonly {
    readonly identifier: string;
    readonly type: string;
  }[];
}

export interface SitesAnswer {
  readonly sites: readonly SiteAnswer[];
}

export interface PriceAnswer {
  readonly type: string;
  readonly channelType: string;
  readonly descriptor?: string;
  readonly spikeStatus: string;
  readonly renewables: number;
  readonly starts_at: string;
  readonly ends_at: string;
  /** Positive in the channel's normal direction. */
  readonly price_aud_per_kwh: number | null;
  readonly is_settled: boolean;
}

export interface CurrentPricesAnswer {
  readonly site_id: string;
  readonly timestamp: string;
  readonly prices: readonly PriceAnswer[];
}

export interface CheapestAnswer {
  readonly channel: string;
  readonly windows: readonly {
    readonly minutes: number;
    readonly starts_at: string | null;
    readonly ends_at: string | null;
    readonly mean_aud_per_kwh: number | null;
  }[];
}
