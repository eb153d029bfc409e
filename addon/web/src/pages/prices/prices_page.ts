/** What a site's electricity costs: days that are over, today, and what is expected. */

import { css, html, LitElement, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import {
  chosenSite,
  loadedSites,
  type PriceHistoryAnswer,
  type SiteAnswer,
} from "../../api/amber";
import { api, segment } from "../../api/client";
import { Loaded } from "../../api/loaded";
import type { SeriesAnswer } from "../../api/series";
import { loadedStatus } from "../../api/status";
import type { Span } from "../../chart/data";
import { instant } from "../../format/times";
import { whenLoaded } from "../../parts/answer_state";
import "../../parts/backfill_note";
import "../../parts/forecast_scores_card";
import "../../parts/notice_box";
import "../../parts/panel_card";
import { withoutSite } from "../../parts/site_states";
import { ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { type Dates, daysBetween, nemDate, nemStart, plusDays } from "../../time/dates";
import { browserZone, DAY_MS, MINUTE_MS, NEM } from "../../time/zones";
import "./channel_chart";
import type { Comparison } from "./channel_chart";
import "./cheapest_card";
import "./level_card";
import { hasForecast } from "./price_points";
import {
  comparedDates,
  formatZoom,
  type PriceView,
  parsePriceView,
  shownDates,
} from "./price_view";
import "./price_choices";

/** As many as three days have intervals of five minutes. */
const MOST_POINTS = 1000;
/** In the order in which charts stand. */
const CHANNELS = ["general", "controlledLoad", "feedIn"];

@customElement("prices-page")
export class PricesPage extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: var(--gap);
        grid-template-columns: minmax(0, 1fr);
      }
    `,
  ];

  private readonly route = new ViewController(this);
  private readonly status = loadedStatus(this);
  private readonly sites = loadedSites(this);
  private readonly series = this.loadedSeries(() => shownDates(this.view));
  private readonly others = this.loadedSeries(() => comparedDates(this.view));
  private readonly history = new Loaded<PriceHistoryAnswer>(this, {
    about: () =>
      this.view.length === "day" ? this.about(shownDates(this.view)) : null,
    ask: (signal) =>
      api.get(
        `api/prices/history/${segment(this.site?.id ?? "")}`,
        { ...asked(shownDates(this.view)), channel: "general", limit: MOST_POINTS },
        signal,
      ),
    after: ["new_price", "confirmed_price"],
    everyS: 300,
  });
  private comparison: Comparison | null = null;

  private get now(): number {
    return Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  }

  private get view(): PriceView {
    return parsePriceView(this.route.view, nemDate(Date.now()));
  }

  private get site(): SiteAnswer | undefined {
    return chosenSite(this.sites.value?.sites ?? [], this.route.view.site);
  }

  private about(dates: Dates | null): string | null {
    if (this.site === undefined || dates === null) return null;
    return `${this.site.id} ${dates.first} ${dates.end}`;
  }

  private loadedSeries(dates: () => Dates | null): Loaded<SeriesAnswer> {
    return new Loaded<SeriesAnswer>(this, {
      about: () => this.about(dates()),
      ask: (signal) =>
        api.get(
          `api/series/prices/${segment(this.site?.id ?? "")}`,
          { ...asked(dates()), max_points: MOST_POINTS },
          signal,
        ),
      after: ["new_price", "confirmed_price"],
      everyS: 300,
    });
  }

  override render() {
    return whenLoaded(this.sites, ({ sites }) => {
      const { site, view } = this;
      if (site === undefined) return whenLoaded(this.status, withoutSite);
      return html`
        <price-choices
          .view=${view}
          .sites=${sites}
          .site=${site}
          .today=${nemDate(Date.now())}
        ></price-choices>
        <backfill-note></backfill-note>
        ${whenLoaded(this.series, (answer) => this.content(site, view, answer))}
        ${
          view.isAhead
            ? html`<cheapest-card
                .site=${site.id}
                .channel=${view.channel === "controlledLoad" ? view.channel : "general"}
              ></cheapest-card>
              <forecast-scores-card
                source="amber"
                path="api/forecasts/scores/prices/${segment(site.id)}"
                .channel=${view.channel ?? "general"}
              ></forecast-scores-card>`
            : nothing
        }
        ${
          view.length === "day"
            ? whenLoaded(this.history, ({ data }) => this.levels(site, view, data))
            : nothing
        }
      `;
    });
  }

  private content(site: SiteAnswer, view: PriceView, answer: SeriesAnswer) {
    const { first, end } = shownDates(view);
    const heading = view.isAhead ? texts.prices.todayAhead : datesText({ first, end });
    const isToCome = nemStart(end) > this.now;
    // means of several intervals are of settled prices only
    const isByInterval = answer.bucket === "rows" || answer.times.length === 0;
    const isMissing = isToCome && isByInterval && !hasForecast(answer, this.now);
    const notice = isMissing
      ? html`<notice-box>${texts.prices.noForecast} ${this.reason()}</notice-box>`
      : nothing;
    if (answer.times.length === 0) {
      return html`${notice}<panel-card source="amber" heading=${heading}>
        <p>${texts.prices.empty}</p>
      </panel-card>`;
    }
    const comparison = this.comparisonWith(view);
    return html`${notice}
    ${
      isToCome && !isByInterval
        ? html`<p class="soft small">${texts.prices.byDay}</p>`
        : nothing
    }
    ${view.compare === "none" ? nothing : whenLoaded(this.others, () => nothing)}
    ${CHANNELS.filter(
      (channel) =>
        (view.channel ?? channel) === channel &&
        site.channels.some(({ type }) => type === channel),
    ).map(
      (channel) => html`<panel-card
        source="amber"
        heading="${texts.sites.channels[channel]}, ${site.network}"
      >
        <span slot="aside" class="soft small">${heading}</span>
        <channel-chart
          .answer=${answer}
          .comparison=${comparison}
          .channel=${channel}
          ?hasSpot=${view.hasSpot}
          .span=${view.zoom}
          .now=${this.now}
          file-name="price-${site.network}-${first}"
          @span-change=${(event: CustomEvent<Span>) => this.zoom(event.detail, answer)}
        ></channel-chart>
      </panel-card>`,
    )}`;
  }

  /** The same object while it is the same, so that charts are not drawn anew. */
  private comparisonWith(view: PriceView): Comparison | null {
    const [dates, answer] = [comparedDates(view), this.others.value];
    if (dates === null || answer === undefined) return null;
    if (this.comparison?.answer !== answer) {
      const days = daysBetween(dates.first, shownDates(view).first);
      this.comparison = { answer, name: datesText(dates), shiftMs: days * DAY_MS };
    }
    return this.comparison;
  }

  private levels(
    site: SiteAnswer,
    view: PriceView,
    prices: PriceHistoryAnswer["data"],
  ) {
    if (prices.length === 0) return nothing;
    return html`<level-card
      .prices=${prices}
      .span=${view.zoom}
      .now=${this.now}
      file-name="price-${site.network}-${shownDates(view).first}"
    ></level-card>`;
  }

  private zoom(span: Span, { times, bucket_seconds }: SeriesAnswer): void {
    const [first, last] = [times[0] ?? 0, (times.at(-1) ?? 0) + (bucket_seconds ?? 60)];
    const isAll = span.from <= first * 1000 && span.to >= last * 1000;
    this.route.change({ zoom: isAll ? null : formatZoom(span) }, true);
  }

  private reason(): string {
    const amber = this.status.value?.sources.amber;
    if (amber?.refused_since) {
      const at = instant(Date.parse(amber.refused_since), browserZone(), "both");
      return texts.prices.refused(at);
    }
    return amber?.problems[0]?.message ?? "";
  }
}

/** Returns the query of an operation that takes NEM dates, the last one included. */
function asked(dates: Dates | null) {
  if (dates === null) return {};
  return { start: dates.first, end: plusDays(dates.end, -1) };
}

function datesText({ first, end }: Dates): string {
  const day = (date: string) => instant(nemStart(date), NEM, "day");
  const last = plusDays(end, -1);
  return first === last ? day(first) : `${day(first)} – ${day(last)}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "prices-page": PricesPage;
  }
}
