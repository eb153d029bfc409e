/** A card: heading, what stands beside it, content. */

import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../styles/shared";

/**
 * @slot - The content.
 * @slot aside - Small print at the right of the heading.
 */
@customElement("panel-card")
export class PanelCard extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        background: var(--card);
        border: 1px solid var(--line);
        border-radius: var(--round);
        display: block;
        min-width: 0;
        padding: var(--pad);
      }
      :host([source="amber"]) {
        border-top: 3px solid var(--amber-area);
      }
      :host([source="kamo"]) {
        border-top: 3px solid var(--kamo-area);
      }
      header {
        align-items: baseline;
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
        justify-content: space-between;
        margin-bottom: 0.75rem;
      }
      h2 {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property() heading = "";
  /** Whose data it shows. */
  @property({ reflect: true }) source: "amber" | "kamo" | "" = "";

  override render() {
    return html`
      <section aria-label=${this.heading}>
        <header>
          <h2>${this.heading}</h2>
          <slot name="aside"></slot>
        </header>
        <slot></slot>
      </section>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "panel-card": PanelCard;
  }
}
