/** Days of a series in a row; heights tell states apart as well as colours do. */

import { css, html, LitElement, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { DayAnswer, DayState } from "../../api/ledger";
import { shared } from "../../styles/shared";
import { daysBetween } from "../../time/dates";
import { runsOf } from "./days";

/** From the top, in tenths. */
const TOPS: Readonly<Record<DayState, number>> = {
  complete: 0,
  estimated: 2,
  partial: 5,
  missing: 8,
  unavailable: 9,
};

@customElement("day-strip")
export class DayStrip extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
      }
      svg {
        background: var(--card);
        box-shadow: 0 0 0 1px var(--line);
        border-radius: 0.2rem;
        display: block;
        height: 1.1rem;
        width: 100%;
      }
      .complete {
        fill: var(--good);
      }
      .estimated {
        fill: var(--amber-area);
      }
      .partial {
        fill: var(--warn);
      }
      .missing {
        fill: var(--bad);
      }
      .unavailable {
        fill: var(--line-strong);
      }
    `,
  ];

  @property({ attribute: false }) days: readonly DayAnswer[] = [];
  @property() start = "";
  @property() end = "";

  override render() {
    const length = daysBetween(this.start, this.end) + 1;
    return html`<svg
      aria-hidden="true"
      viewBox="0 0 ${length} 10"
      preserveAspectRatio="none"
    >
      ${runsOf(this.days, this.start).map(
        ({ at, length: days, state }) =>
          svg`<rect class=${state} x=${at} width=${days} y=${TOPS[state]} height=${10 - TOPS[state]} />`,
      )}
    </svg>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "day-strip": DayStrip;
  }
}
