/** What a kWh costs a site now, and when it is cheapest next. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import {
  type CheapestAnswer,
  type CurrentPricesAnswer,
  levelOf,
  type PriceAnswer,
  type SiteAnswer,
} from "../../api/amber";
import { api, segment } from "../../api/client";
import { Loaded } from "../../api/loaded";
import { chartData, type SeriesAnswer, spanOf } from "../../api/series";
import type { ChartData } from "../../chart/data";
import "../../chart/time_chart";
import { percent, written } from "../../format/numbers";
import { clockTime, duration, instant } from "../../format/times";
import { price, priceUnit } from "../../format/units";
import { whenLoaded } from "../../parts/answer_state";
import "../../parts/panel_card";
import "../../parts/price_level";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { NEM, startOfDay, type ZoneName } from "../../time/zones";
import { hero, heroStyle } from "./hero";

const WINDOWS_MINUTES = [60, 180];

@customElement("price-card")
export class PriceCard extends LitElement {
  static override styles = [
    shared,
    heroStyle,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      panel-card {
        height: 100%;
      }
      price-level {
        margin-left: 0.4rem;
      }
      .windows {
        border-block: 1px solid var(--line);
        display: grid;
        gap: 0.75rem;
        grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
        margin-block: 1rem;
        padding-block: 0.85rem;
      }
      .windows strong {
        display: block;
        font-size: 1.25rem;
        font-weight: 600;
        letter-spacing: -0.01em;
      }
    `,
  ];

  @property({ attribute: false }) site!: SiteAnswer;

  /** Amber's times are NEM time; its readers live by it, or an hour beside it. */
  private readonly zone: ZoneName = NEM;
  private readonly prices = new Loaded<CurrentPricesAnswer>(this, {
    about: () => this.site.id,
    ask: (signal) => api.get(`api/prices/current/${segment(this.site.id)}`, {}, signal),
    after: ["new_price", "confirmed_price"],
    everyS: 120,
  });
  private readonly cheapest = new Loaded<CheapestAnswer>(this, {
    about: () => this.site.id,
    ask: (signal) =>
      api.get(
        `api/prices/cheapest/${segment(this.site.id)}`,
        { hours: 24, minutes: WINDOWS_MINUTES.join(",") },
        signal,
      ),
    after: ["new_price"],
  });
  private readonly series = new Loaded<SeriesAnswer>(this, {
    about: () => this.site.id,
    ask: (signal) =>
      api.get(
        `api/series/prices/${segment(this.site.id)}`,
        { channel: "general", hours: 3 },
        signal,
      ),
    after: ["new_price", "confirmed_price"],
  });

  override render() {
    return html`<panel-card
      source="amber"
      heading=${texts.now.price.heading(this.site.network)}
    >
      ${whenLoaded(this.prices, ({ prices }) => this.present(prices))}
      ${whenLoaded(this.cheapest, ({ windows }) => this.windows(windows))}
      ${whenLoaded(this.series, (answer) => this.chart(answer))}
    </panel-card>`;
  }

  private present(prices: readonly PriceAnswer[]) {
    const general = prices.find(({ channelType }) => channelType === "general");
    if (general === undefined) return html`<p>${texts.now.price.none}</p>`;
    const others = prices.filter((one) => one !== general);
    const end = clockTime(Date.parse(general.ends_at), this.zone);
    return html`
      <p class="hero">
        ${hero(price(general.price_aud_per_kwh))} <price-level .level=${levelOf(general)}></price-level>
      </p>
      <p class="soft small">
        ${general.is_settled ? texts.now.price.confirmed : texts.now.price.estimate},
        ${texts.now.price.until(end)} ·
        ${texts.now.price.renewables(percent(general.renewables / 100))}
      </p>
      ${others.map(
        (one) => html`<p class="small">
          ${
            one.channelType === "feedIn"
              ? texts.now.price.feedIn
              : texts.now.price.controlledLoad
          }
          <strong>${written(price(one.price_aud_per_kwh))}</strong>
        </p>`,
      )}
    `;
  }

  private windows(windows: CheapestAnswer["windows"]) {
    return html`<ul class="windows">
      ${windows.map(
        ({ minutes, starts_at, ends_at, mean_aud_per_kwh }) => html`<li class="small">
          <span class="soft">${texts.now.price.cheapest(duration(minutes))}</span>
          ${
            starts_at === null || ends_at === null
              ? html`<strong>${texts.now.price.unknown}</strong>`
              : html`<strong>${written(price(mean_aud_per_kwh))}</strong>
                  ${texts.now.price.between(
                    this.when(Date.parse(starts_at)),
                    clockTime(Date.parse(ends_at), this.zone),
                  )}`
          }
        </li>`,
      )}
    </ul>`;
  }

  private when(at: number): string {
    const isToday = startOfDay(this.zone, at) === startOfDay(this.zone, Date.now());
    const time = clockTime(at, this.zone);
    return isToday ? time : `${instant(at, this.zone, "shortDay")}, ${time}`;
  }

  private chart(answer: SeriesAnswer) {
    const all = answer.series
      .filter(({ key }) => ["general/price", "general/expected"].includes(key))
      .flatMap(({ values }) => values.map((value, at) => ({ value, at })))
      .filter((point): point is { value: number; at: number } => point.value !== null);
    const unit = priceUnit(Math.max(0, ...all.map(({ value }) => Math.abs(value))));
    const style = {
      unit: unit.name,
      size: unit.size,
      digits: unit.digits,
      shape: "steps",
      colour: "amber",
    } as const;
    const data = chartData(answer, (key) => {
      if (key === "general/price") {
        return { ...style, label: texts.now.price.settled, dash: "solid" };
      }
      if (key !== "general/expected") return null;
      const bandOf = ["general/expected_low", "general/expected_high"] as const;
      return { ...style, label: texts.now.price.expected, dash: "dashed", bandOf };
    });
    return html`<time-chart
      heading=${texts.now.price.chart}
      summary=${this.summary(all, data)}
      file-name="price-${this.site.network}"
      .data=${data}
      .zone=${this.zone}
      .limits=${spanOf(answer)}
      .now=${Date.now()}
      .height=${220}
    ></time-chart>`;
  }

  private summary(
    points: readonly { readonly value: number; readonly at: number }[],
    { times }: ChartData,
  ) {
    const byPrice = [...points].sort((one, other) => one.value - other.value);
    const [low, high] = [byPrice[0], byPrice.at(-1)];
    if (low === undefined || high === undefined) return nothing;
    const at = (position: number) => this.when(times[position] ?? 0);
    return texts.now.price.summary(
      written(price(low.value)),
      at(low.at),
      written(price(high.value)),
      at(high.at),
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "price-card": PriceCard;
  }
}
