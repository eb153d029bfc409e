/** How cheap a price is, in Amber's word and in a colour. */

import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { texts } from "../texts/texts";

const LOW = ["extremelyLow", "veryLow", "low"];
const COLOURS: Readonly<Record<string, string>> = { high: "warn", spike: "bad" };

@customElement("price-level")
export class PriceLevel extends LitElement {
  static override styles = css`
    span {
      border-radius: 1rem;
      display: inline-block;
      font-size: var(--text-small);
      font-weight: 650;
      padding: 0.15rem 0.7rem;
      white-space: nowrap;
    }
    .good {
      background: var(--good-area);
      color: var(--good);
    }
    .plain {
      background: var(--sunken);
    }
    .warn {
      background: var(--warn-area);
      color: var(--warn);
    }
    .bad {
      background: var(--bad-area);
      color: var(--bad);
    }
  `;

  /** As `levelOf` a price says. */
  @property() level = "neutral";

  override render() {
    const { level } = this;
    const colour = LOW.includes(level) ? "good" : (COLOURS[level] ?? "plain");
    return html`<span class=${colour}>${texts.levels[level] ?? level}</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "price-level": PriceLevel;
  }
}
