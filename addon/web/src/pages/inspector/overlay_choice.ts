/** Which other areas stand in the chart beside the chosen one. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { AreaAnswer } from "../../api/kamo";
import { count } from "../../format/numbers";
import { ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { MOST_OVERLAYS } from "./overlay";

const words = texts.inspector.overlay;

@customElement("overlay-choice")
export class OverlayChoice extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      button {
        text-align: start;
      }
    `,
  ];

  @property({ attribute: false }) area!: AreaAnswer;
  @property({ attribute: false }) areas: readonly AreaAnswer[] = [];
  @property({ attribute: false }) chosen: readonly AreaAnswer[] = [];
  private readonly route = new ViewController(this);

  override render() {
    const isFull = this.chosen.length >= MOST_OVERLAYS;
    const others = this.areas.filter(
      (one) => one.id !== this.area.id && !this.chosen.includes(one),
    );
    return html`<div class="row">
      ${this.chosen.map(
        (one) =>
          html`<button
            aria-label=${words.remove(one.abbreviation, one.name)}
            title=${words.remove(one.abbreviation, one.name)}
            @click=${() => this.show(this.chosen.filter((other) => other !== one))}
          >
            ${one.abbreviation} <span aria-hidden="true">×</span>
          </button>`,
      )}
      <select
        aria-label=${words.label}
        ?disabled=${isFull}
        title=${isFull ? words.full(count(MOST_OVERLAYS)) : nothing}
        @change=${this.add}
      >
        <option value="" .selected=${true}>${words.add}</option>
        ${others.map(
          ({ abbreviation, name }) =>
            html`<option value=${abbreviation}>${name}</option>`,
        )}
      </select>
    </div>`;
  }

  private readonly add = (event: Event) => {
    const choice = event.target as HTMLSelectElement;
    const added = this.areas.filter((one) => one.abbreviation === choice.value);
    choice.value = "";
    this.show([...this.chosen, ...added]);
  };

  private show(areas: readonly AreaAnswer[]): void {
    this.route.change({ with: areas.map((one) => one.abbreviation).join(",") });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "overlay-choice": OverlayChoice;
  }
}
