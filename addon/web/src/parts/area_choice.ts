/** Whose load is shown: KAMO, one of its two regions, or any of its areas. */

import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type AreaAnswer, keepArea } from "../api/kamo";
import { ViewController } from "../routing/view";
import { shared } from "../styles/shared";
import { texts } from "../texts/texts";
import "./choice_row";

/** Changes the address; what belonged to the area before is taken out of it. */
@customElement("area-choice")
export class AreaChoice extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
      }
      .row {
        gap: 0.5rem 1rem;
      }
      select {
        flex: 0 1 24rem;
        min-width: 0;
      }
    `,
  ];

  @property({ attribute: false }) areas: readonly AreaAnswer[] = [];
  /** Abbreviation. */
  @property() area = "";
  /** Keys of the address that another area does not have. */
  @property({ attribute: false }) forgets: readonly string[] = [];
  private readonly route = new ViewController(this);

  override render() {
    const sums = this.areas
      .filter(({ is_aggregate }) => is_aggregate)
      .map(({ abbreviation, name }) => ({
        key: abbreviation,
        label: texts.areas.sums[abbreviation] ?? name,
      }));
    return html`<div class="row">
      <choice-row
        label=${texts.areas.sum}
        .choices=${sums}
        .chosen=${this.area}
        @choose=${(event: CustomEvent<string>) => this.choose(event.detail)}
      ></choice-row>
      <select
        aria-label=${texts.areas.area}
        @change=${(event: Event) =>
          this.choose((event.target as HTMLSelectElement).value)}
      >
        ${this.areas.map(
          ({ abbreviation, name }) =>
            html`<option value=${abbreviation} .selected=${abbreviation === this.area}>
              ${name}
            </option>`,
        )}
      </select>
    </div>`;
  }

  private choose(area: string): void {
    keepArea(area);
    const forgotten = Object.fromEntries(this.forgets.map((key) => [key, null]));
    this.route.change({ ...forgotten, area });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "area-choice": AreaChoice;
  }
}
