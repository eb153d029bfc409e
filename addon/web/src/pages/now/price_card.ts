/** What a kWh costs a site now, and when it is cheapest next. */

import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { CurrentPricesAnswer, PriceAnswer, SiteAnswer } from "../../api/amber";
import { api, segment } from "../../api/client";
import { Loaded } from "../../api/loaded";
import { percent, written } from "../../format/numbers";
import { clockTime } from "../../format/times";
import { price } from "../../format/units";
import { whenLoaded } from "../../parts/answer_state";
import "../../parts/panel_card";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { NEM, type ZoneName } from "../../time/zones";
import { hero, heroStyle } from "./hero";

const LOW = ["extremelyLow", "veryLow", "low"];

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
      .word {
        border-radius: 1rem;
        font-size: var(--text-small);
        font-weight: 650;
        margin-left: 0.4rem;
        padding: 0.15rem 0.7rem;
      }
      .word.good {
        background: var(--good-area);
        color: var(--good);
      }
      .word.plain {
        background: var(--sunken);
      }
      .word.warn {
        background: var(--warn-area);
        color: var(--warn);
      }
      .word.bad {
        background: var(--bad-area);
        color: var(--bad);
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
  override render() {
    return html`<panel-card
      source="amber"
      heading=${texts.now.price.heading(this.site.network)}
    >
      ${whenLoaded(this.prices, ({ prices }) => this.present(prices))}
    </panel-card>`;
  }

  private present(prices: readonly PriceAnswer[]) {
    const general = prices.find(({ channelType }) => channelType === "general");
    if (general === undefined) return html`<p>${texts.now.price.none}</p>`;
    const others = prices.filter((one) => one !== general);
    const end = clockTime(Date.parse(general.ends_at), this.zone);
    return html`
      <p class="hero">
        ${hero(price(general.price_aud_per_kwh))} ${this.word(general)}
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

  private word({ descriptor = "neutral", spikeStatus }: PriceAnswer) {
    const level = spikeStatus === "spike" ? "spike" : descriptor;
    const colours: Record<string, string> = { high: "warn", spike: "bad" };
    const colour = LOW.includes(level) ? "good" : (colours[level] ?? "plain");
    return html`<span class="word ${colour}"
      >${texts.now.price.words[level] ?? level}</span
    >`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "price-card": PriceCard;
  }
}
