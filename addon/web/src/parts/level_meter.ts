/** A bar that says how much of something is reached; 1 is all of it. */

import { css, html, LitElement, type PropertyValues } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { shared } from "../styles/shared";

@customElement("level-meter")
export class LevelMeter extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
      }
      .track {
        background: var(--sunken);
        border-radius: 0.3rem;
        height: 0.85rem;
        overflow: hidden;
        position: relative;
      }
      .level {
        background: var(--meter-colour, var(--kamo-area));
        height: 100%;
        transition: width var(--quick);
        width: 0;
      }
      .quarters {
        display: grid;
        grid-template-columns: repeat(4, 1fr);
        inset: 0;
        position: absolute;
      }
      .quarters i {
        border-right: 1px solid var(--card);
      }
    `,
  ];

  @property() label = "";
  /** The share in words. */
  @property() text = "";
  @property({ type: Number }) share = 0;
  @query(".level") private level!: HTMLElement;

  override render() {
    return html`<div
      class="track"
      role="meter"
      aria-label=${this.label}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${Math.round(Math.min(1, this.share) * 100)}
      aria-valuetext=${this.text}
    >
      <div class="level"></div>
      <div class="quarters"><i></i><i></i><i></i></div>
    </div>`;
  }

  protected override updated(_changed: PropertyValues): void {
    // the content policy forbids style attributes, not their properties
    this.level.style.width = `${Math.min(1, Math.max(0, this.share)) * 100}%`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "level-meter": LevelMeter;
  }
}
