/** Goes to the next page of a list, and back to its first. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../styles/shared";
import { texts } from "../texts/texts";
import { icon } from "./icon";

/**
 * @fires first - To the first page.
 * @fires next - To the next one.
 */
@customElement("page-steps")
export class PageSteps extends LitElement {
  static override styles = [
    shared,
    css`
      .row {
        justify-content: end;
        margin-top: 0.75rem;
      }
    `,
  ];

  @property({ type: Boolean }) isFirst = true;
  @property({ type: Boolean }) isLast = true;

  override render() {
    if (this.isFirst && this.isLast) return nothing;
    return html`<div class="row">
      <button ?disabled=${this.isFirst} @click=${() => this.send("first")}>
        ${icon("earlier", 16)} ${texts.table.first}
      </button>
      <button ?disabled=${this.isLast} @click=${() => this.send("next")}>
        ${texts.table.next} ${icon("later", 16)}
      </button>
    </div>`;
  }

  private send(step: "first" | "next"): void {
    this.dispatchEvent(new Event(step));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "page-steps": PageSteps;
  }
}
