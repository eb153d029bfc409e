/** A power factor, with a mark and a word where it is too low. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { powerFactor } from "../../format/units";
import { icon } from "../../parts/icon";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { verdictOn } from "./power_factor";

@customElement("factor-mark")
export class FactorMark extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        white-space: nowrap;
      }
      .word {
        border-radius: var(--round-small);
        font-size: var(--text-small);
        font-weight: 600;
        margin-right: 0.15rem;
        padding: 0.1rem 0.45rem;
      }
      svg {
        margin-right: 0.2rem;
        vertical-align: -0.15em;
      }
      .poor {
        background: var(--bad-area);
        color: var(--bad);
      }
      .fair {
        background: var(--warn-area);
        color: var(--warn);
      }
    `,
  ];

  /** 0 to 1; null where it is not known. */
  @property({ attribute: false }) factor: number | null = null;

  override render() {
    const verdict = this.factor === null ? "good" : verdictOn(this.factor);
    return html`${verdict === "good" ? nothing : this.word(verdict)}
    ${powerFactor(this.factor)}`;
  }

  private word(verdict: "poor" | "fair") {
    const mark = verdict === "poor" ? icon("warn", 13) : nothing;
    return html`<span class="word ${verdict}"
      >${mark}${texts.inspector.verdicts[verdict]}</span
    >`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "factor-mark": FactorMark;
  }
}
