/** What a period came to: net cost, both directions, mean prices, and the one before. */

import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { written } from "../../format/numbers";
import { energy, money, price } from "../../format/units";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import type { Length } from "../../time/dates";
import { hero, heroStyle } from "../now/hero";
import type { UsageTotals } from "./usage_bars";

@customElement("usage-totals")
export class UsageTotalsView extends LitElement {
  static override styles = [
    shared,
    heroStyle,
    css`
      :host {
        display: block;
        margin-bottom: 0.5rem;
      }
      dl {
        display: grid;
        gap: 0.75rem;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 8rem), 1fr));
        margin-top: 1rem;
      }
      dl + p {
        margin-top: 0.75rem;
      }
      dd {
        font-size: 1.125rem;
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) totals!: UsageTotals;
  /** Of the period before; null where nothing is stored of it. */
  @property({ attribute: false }) earlier: UsageTotals | null = null;
  @property() length: Length = "month";
  /** Whether there is more of the period to come. */
  @property({ type: Boolean }) isRunning = false;

  override render() {
    const { totals } = this;
    const { usage } = texts;
    const figures: readonly (readonly [string, string])[] = [
      [usage.imported, written(energy(totals.importKwh))],
      [usage.cost, money(totals.importAud)],
      [usage.meanImported, written(price(totals.importAudPerKwh))],
      [usage.fedIn, written(energy(totals.feedInKwh))],
      [usage.earned, money(totals.feedInAud)],
      [usage.meanFedIn, written(price(totals.feedInAudPerKwh))],
    ];
    return html`
      <p class="hero">${hero({ value: money(totals.netAud), unit: usage.totals })}</p>
      <p class="soft">${this.compared()}</p>
      <dl>
        ${figures.map(
          ([name, value]) => html`<div>
            <dt class="soft small">${name}</dt>
            <dd>${value}</dd>
          </div>`,
        )}
      </dl>
      ${
        (totals.feedInAud ?? 0) < 0
          ? html`<p class="soft small">${usage.credit}</p>`
          : ""
      }
    `;
  }

  private compared(): string {
    const { usage } = texts;
    const span = usage.beforeSpan[this.length];
    const name = this.isRunning ? usage.asMuchOf(span) : span;
    const [net, other] = [this.totals.netAud, this.earlier?.netAud ?? null];
    if (net === null || other === null) return usage.beforeNone(span);
    const difference = net - other;
    const amount = money(Math.abs(difference));
    return difference < 0
      ? usage.less(amount, `${name} (${money(other)})`)
      : usage.more(amount, `${name} (${money(other)})`);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "usage-totals": UsageTotalsView;
  }
}
