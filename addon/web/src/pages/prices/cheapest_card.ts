/** When electricity is cheapest in the hours to come, for uses of several lengths. */

import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { CheapestAnswer } from "../../api/amber";
import { api, segment } from "../../api/client";
import { Loaded } from "../../api/loaded";
import { written } from "../../format/numbers";
import { clockTime, duration, instant, zoneLabel } from "../../format/times";
import { price } from "../../format/units";
import { whenLoaded } from "../../parts/answer_state";
import "../../parts/panel_card";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { NEM } from "../../time/zones";

const MINUTES = "30,60,120,240";

@customElement("cheapest-card")
export class CheapestCard extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      ul {
        display: grid;
        gap: 0.75rem;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr));
      }
      li {
        border-left: 3px solid var(--good);
        padding-left: 0.75rem;
      }
    `,
  ];

  /** Number of the site. */
  @property() site = "";
  @property() channel = "general";

  private readonly cheapest = new Loaded<CheapestAnswer>(this, {
    about: () => `${this.site} ${this.channel}`,
    ask: (signal) =>
      api.get(
        `api/prices/cheapest/${segment(this.site)}`,
        { minutes: MINUTES, channel: this.channel },
        signal,
      ),
    after: ["new_price", "confirmed_price"],
    everyS: 300,
  });

  override render() {
    return html`<panel-card
      source="amber"
      heading="${texts.prices.cheapest.heading}, ${texts.prices.cheapest.ahead}"
    >
      <span slot="aside" class="soft small">${zoneLabel(NEM)}</span>
      ${whenLoaded(
        this.cheapest,
        ({ windows }) => html`<ul>
          ${windows.map((window) => this.window(window))}
        </ul>`,
      )}
    </panel-card>`;
  }

  private window(window: CheapestAnswer["windows"][number]) {
    const { minutes, starts_at, ends_at, mean_aud_per_kwh: mean } = window;
    const { between, unknown } = texts.prices.cheapest;
    if (starts_at === null || ends_at === null) {
      return html`<li>
        <strong>${duration(minutes)}</strong>
        <p class="soft small">${unknown}</p>
      </li>`;
    }
    const [from, to] = [Date.parse(starts_at), Date.parse(ends_at)];
    return html`<li>
      <strong>${duration(minutes)}: ${written(price(mean))}</strong>
      <p class="soft small">
        ${instant(from, NEM, "day")}, ${between(clockTime(from, NEM), clockTime(to, NEM))}
      </p>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cheapest-card": CheapestCard;
  }
}
