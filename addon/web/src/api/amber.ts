/** What the server answers about Amber's sites. */

import type { ReactiveControllerHost } from "lit";
import { api } from "./client";
import { Loaded } from "./loaded";

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

/** Loads the account's sites. */
export function loadedSites(host: ReactiveControllerHost): Loaded<SitesAnswer> {
  return new Loaded<SitesAnswer>(host, {
    ask: (signal) => api.get("api/sites", {}, signal),
    after: ["run_finished"],
  });
}

/** Returns the site that was chosen; without a choice, the first that is not gone. */
export function chosenSite(
  sites: readonly SiteAnswer[],
  id: string | undefined,
): SiteAnswer | undefined {
  const present = sites.find((site) => !site.is_gone);
  return sites.find((site) => site.id === id) ?? present ?? sites[0];
}

/** Returns a site's network, with its NMI where several sites are of that network. */
export function siteName(site: SiteAnswer, sites: readonly SiteAnswer[]): string {
  const isOnly = sites.filter(({ network }) => network === site.network).length === 1;
  return isOnly ? site.network : `${site.network}, ${site.nmi}`;
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

/** Returns Amber's word for how cheap a price is; a spike is above all of them. */
export function levelOf({
  descriptor = "neutral",
  spikeStatus,
}: Pick<PriceAnswer, "descriptor" | "spikeStatus">): string {
  return spikeStatus === "spike" ? "spike" : descriptor;
}

/** Prices of one channel or all, ascending: settled ones, else what is expected. */
export interface PriceHistoryAnswer {
  readonly data: readonly PriceAnswer[];
  readonly truncated: boolean;
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
