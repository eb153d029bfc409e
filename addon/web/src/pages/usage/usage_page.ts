/** What a site drew, fed in and paid, by day, week, month or year. */

import { css, html, LitElement, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { chosenSite, loadedSites, type SiteAnswer } from "../../api/amber";
import { api, segment } from "../../api/client";
import type { CostsAnswer, TariffCostsAnswer } from "../../api/costs";
import { Loaded } from "../../api/loaded";
import type { SeriesAnswer } from "../../api/series";
import { loadedStatus } from "../../api/status";
import { written } from "../../format/numbers";
import { instant } from "../../format/times";
import { energy, money } from "../../format/units";
import { whenLoaded } from "../../parts/answer_state";
import "../../parts/backfill_note";
import "../../parts/date_bar";
import type { DateChoice } from "../../parts/date_bar";
import "../../parts/panel_card";
import { channelSelect, siteSelect } from "../../parts/site_choices";
import { withoutSite } from "../../parts/site_states";
import { ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { type Dates, type Length, nemDate, nemStart, plusDays } from "../../time/dates";
import { NEM } from "../../time/zones";
import {
  barsOfHours,
  barsOfPeriods,
  comparableBars,
  dateOf,
  totalsOf,
  type UsageBar,
} from "./usage_bars";
import "./tariff_periods";
import "./usage_chart";
import "./usage_figures";
import "./usage_totals";
import {
  datesBefore,
  LENGTHS,
  parseUsageView,
  shownDates,
  type UsageView,
} from "./usage_view";

/** So that points of a day are hours. */
const HOURS_OF_DAY = 30;

@customElement("usage-page")
export class UsagePage extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: var(--gap);
        grid-template-columns: minmax(0, 1fr);
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem 1rem;
      }
      .joined button + button {
        margin-left: 0.25rem;
      }
    `,
  ];

  private readonly route = new ViewController(this);
  private readonly status = loadedStatus(this);
  private readonly sites = loadedSites(this);
  private readonly costs = this.loadedCosts(() => shownDates(this.view));
  private readonly earlier = this.loadedCosts(() => datesBefore(this.view));
  private readonly tariff = new Loaded<TariffCostsAnswer>(this, {
    about: () => this.about(shownDates(this.view)),
    ask: (signal) =>
      api.get(
        `api/costs/tariff/${segment(this.site?.id ?? "")}`,
        asked(shownDates(this.view)),
        signal,
      ),
    after: ["run_finished"],
  });
  private readonly hours = new Loaded<SeriesAnswer>(this, {
    about: () =>
      this.view.length === "day" ? this.about(shownDates(this.view)) : null,
    ask: (signal) =>
      api.get(
        `api/series/usage/${segment(this.site?.id ?? "")}`,
        { ...asked(shownDates(this.view)), max_points: HOURS_OF_DAY },
        signal,
      ),
    after: ["run_finished"],
  });

  private get view(): UsageView {
    return parseUsageView(this.route.view, nemDate(Date.now()));
  }

  private get site(): SiteAnswer | undefined {
    return chosenSite(this.sites.value?.sites ?? [], this.route.view.site);
  }

  private about({ first, end }: Dates): string | null {
    return this.site === undefined ? null : `${this.site.id} ${first} ${end}`;
  }

  private loadedCosts(dates: () => Dates): Loaded<CostsAnswer> {
    return new Loaded<CostsAnswer>(this, {
      about: () => this.about(dates()),
      ask: (signal) =>
        api.get(
          `api/costs/daily/${segment(this.site?.id ?? "")}`,
          {
            ...asked(dates()),
            period: this.view.length === "year" ? "month" : "day",
          },
          signal,
        ),
      after: ["run_finished"],
    });
  }

  override render() {
    return whenLoaded(this.sites, ({ sites }) => {
      const { site, view } = this;
      if (site === undefined) return whenLoaded(this.status, withoutSite);
      return html`${this.choices(sites, site, view)}<backfill-note></backfill-note>
        ${whenLoaded(this.costs, (costs) => this.content(site, view, costs))}`;
    });
  }

  private choices(sites: readonly SiteAnswer[], site: SiteAnswer, view: UsageView) {
    const today = nemDate(Date.now());
    return html`<div class="choices">
      <date-bar
        .lengths=${LENGTHS}
        .length=${view.length}
        .date=${view.date}
        .today=${today}
        .last=${today}
        @date-choice=${this.chooseDate}
      ></date-bar>
      ${siteSelect(sites, site, (id) => this.route.change({ site: id, channel: null }))}
      ${channelSelect(site, view.channel, (channel) => this.route.change({ channel }))}
      <div class="joined" role="group" aria-label=${texts.usage.measure}>
        ${(["energy", "cost"] as const).map(
          (measure) =>
            html`<button
              aria-pressed=${measure === view.measure ? "true" : "false"}
              @click=${() =>
                this.route.change({ measure: measure === "cost" ? measure : null })}
            >
              ${texts.usage.measures[measure]}
            </button>`,
        )}
      </div>
    </div>`;
  }

  private content(site: SiteAnswer, view: UsageView, costs: CostsAnswer) {
    const dates = shownDates(view);
    const heading = `${datesText(view.length, dates)}, ${site.network}`;
    const isRecent = nemStart(dates.end) > nemStart(nemDate(Date.now()));
    const note = isRecent
      ? html`<p class="soft small">${texts.usage.nextDay}</p>`
      : nothing;
    if (costs.data.length === 0) {
      return html`<panel-card source="amber" heading=${heading}>
        <p>${texts.usage.empty}</p>
        ${note}
      </panel-card>`;
    }
    const periods = barsOfPeriods(costs, dates, view.channel);
    const earlier =
      this.earlier.value &&
      barsOfPeriods(this.earlier.value, datesBefore(view), view.channel).slice(
        0,
        // a period that is running is compared with as much of the one before
        isRecent ? comparableBars(periods) : undefined,
      );
    const drawn =
      view.length === "day"
        ? whenLoaded(this.hours, (answer) => {
            const types = new Map(
              site.channels.map(({ identifier, type }) => [identifier, type]),
            );
            return this.drawn(
              site,
              view,
              barsOfHours(answer, types, view.channel, periods[0]?.state),
            );
          })
        : this.drawn(site, view, periods);
    return html`<panel-card source="amber" heading=${heading}>
        <usage-totals
          .totals=${totalsOf(periods)}
          .earlier=${earlier?.some(({ channels }) => channels.length > 0) ? totalsOf(earlier) : null}
          .length=${view.length}
          ?isRunning=${isRecent}
        ></usage-totals>
        ${note}
      </panel-card>
      ${drawn}${whenLoaded(
        this.tariff,
        ({ data }) =>
          html`<tariff-periods
            .periods=${data.filter(({ channel_type }) => view.channel === null || channel_type === view.channel)}
          ></tariff-periods>`,
      )}`;
  }

  private drawn(site: SiteAnswer, view: UsageView, bars: readonly UsageBar[]) {
    const totals = totalsOf(bars);
    const whens = bars.map(({ at }) => whenText(view.length, at));
    const details = bars.map((bar, at) => {
      const { importKwh, feedInKwh, netAud } = totalsOf([bar]);
      if (bar.state === "none") return `${whens[at]}: ${texts.usage.states.none}.`;
      const [drawn, fedIn] = [written(energy(importKwh)), written(energy(feedInKwh))];
      return texts.usage.detail(whens[at] ?? "", drawn, fedIn, money(netAud));
    });
    return html`<panel-card source="amber" heading=${texts.usage.headings[view.measure]}>
        <usage-chart
          heading=${view.measure === "energy" ? energyUnit : costUnit}
          summary=${texts.usage.summary(
            written(energy(totals.importKwh)),
            money(totals.importAud),
            written(energy(totals.feedInKwh)),
            money(totals.feedInAud),
          )}
          .bars=${bars}
          .labels=${bars.map(({ at }) => labelText(view.length, at))}
          .details=${details}
          .measure=${view.measure}
          @bar-choice=${({ detail }: CustomEvent<number>) => this.open(bars[detail])}
        ></usage-chart>
      </panel-card>
      <usage-figures
        .bars=${bars}
        .whens=${whens}
        file-name="usage-${site.network}-${shownDates(view).first}-${view.length}"
      ></usage-figures>`;
  }

  private open(bar: UsageBar | undefined): void {
    const { length } = this.view;
    if (bar === undefined || length === "day") return;
    this.route.change({
      date: dateOf(bar),
      length: length === "year" ? null : "day",
    });
  }

  private readonly chooseDate = ({ detail }: CustomEvent<DateChoice>) => {
    const { date, length } = detail;
    this.route.change({ date, length: length === "month" ? null : length });
  };
}

const energyUnit = `${texts.usage.measures.energy}, kWh`;
const costUnit = `${texts.usage.measures.cost}, AUD`;

function asked({ first, end }: Dates) {
  return { start: first, end: plusDays(end, -1) };
}

function datesText(length: Length, { first, end }: Dates): string {
  const from = nemStart(first);
  if (length === "year") return instant(from, NEM, "year");
  if (length === "month") return instant(from, NEM, "month");
  const text = instant(from, NEM, "day");
  if (length === "day") return text;
  return `${text} – ${instant(nemStart(plusDays(end, -1)), NEM, "day")}`;
}

function whenText(length: Length, at: number): string {
  if (length === "year") return instant(at, NEM, "month");
  return instant(at, NEM, length === "day" ? "both" : "day");
}

function labelText(length: Length, at: number): string {
  if (length === "year") return instant(at, NEM, "shortMonth");
  return instant(at, NEM, length === "day" ? "time" : "shortDay");
}

declare global {
  interface HTMLElementTagNameMap {
    "usage-page": UsagePage;
  }
}
