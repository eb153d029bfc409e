/** A sentence that the reader should not miss. */

import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../styles/shared";
import { icon } from "./icon";

/**
 * @slot - The sentence.
 * @slot action - What can be done about it.
 */
@customElement("notice-box")
export class NoticeBox extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        border-radius: var(--round-small);
        display: block;
        margin-block: 0.5rem;
      }
      div {
        align-items: center;
        border-radius: inherit;
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem 0.75rem;
        padding: 0.6rem 0.9rem;
      }
      p {
        flex: 1 1 14rem;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      svg {
        flex: none;
      }
      .good {
        background: var(--good-area);
      }
      .warn {
        background: var(--warn-area);
      }
      .bad {
        background: var(--bad-area);
      }
      .good svg {
        color: var(--good);
      }
      .warn svg {
        color: var(--warn);
      }
      .bad svg {
        color: var(--bad);
      }
    `,
  ];

  @property() kind: "good" | "warn" | "bad" = "warn";

  override render() {
    return html`
      <div class=${this.kind} role="status">
        ${icon(this.kind === "good" ? "good" : "warn")}
        <p><slot></slot></p>
        <slot name="action"></slot>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "notice-box": NoticeBox;
  }
}
