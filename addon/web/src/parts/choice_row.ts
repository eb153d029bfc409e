/** One of a few things to choose, side by side; arrow keys go from one to the next. */

import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../styles/shared";

/** What can be chosen: its key, and what it is called. */
export interface Choice {
  readonly key: string;
  readonly label: string;
}

/**
 * @fires choose - Another one was chosen; `detail` is its key.
 */
@customElement("choice-row")
export class ChoiceRow extends LitElement {
  static override styles = [
    shared,
    css`
      fieldset {
        border: 0;
        display: flex;
        flex-wrap: wrap;
        gap: 0.35rem;
        margin: 0;
        min-width: 0;
        padding: 0;
      }
      label {
        align-items: center;
        border: 1px solid var(--line-strong);
        border-radius: calc(var(--target) / 2);
        cursor: pointer;
        display: inline-flex;
        font-weight: 550;
        justify-content: center;
        min-height: 2.25rem;
        min-width: var(--target);
        padding: 0.1rem 0.85rem;
        position: relative;
      }
      @media (pointer: coarse) {
        label {
          min-height: var(--target);
        }
      }
      label:hover {
        background: var(--sunken);
      }
      label:has(:checked) {
        background: var(--accent);
        border-color: var(--accent);
        color: var(--on-accent);
      }
      label:has(:focus-visible) {
        outline: 3px solid var(--accent);
        outline-offset: 2px;
      }
      input {
        cursor: pointer;
        inset: 0;
        margin: 0;
        min-height: 0;
        opacity: 0;
        position: absolute;
      }
    `,
  ];

  /** What is chosen, for those who do not see where it stands. */
  @property() label = "";
  @property({ attribute: false }) choices: readonly Choice[] = [];
  @property() chosen = "";

  override render() {
    return html`<fieldset aria-label=${this.label}>
      ${this.choices.map(
        ({ key, label }) =>
          html`<label>
            <input
              type="radio"
              name="choice"
              value=${key}
              .checked=${key === this.chosen}
              @change=${this.choose}
            />
            ${label}
          </label>`,
      )}
    </fieldset>`;
  }

  private readonly choose = (event: Event) => {
    const { value } = event.target as HTMLInputElement;
    this.dispatchEvent(new CustomEvent<string>("choose", { detail: value }));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "choice-row": ChoiceRow;
  }
}
