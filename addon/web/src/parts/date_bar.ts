/** Chooses a period of dates: how long, which one, and the ones beside it. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../styles/shared";
import { texts } from "../texts/texts";
import { type DateText, isDate, type Length, steppedBy } from "../time/dates";
import { icon } from "./icon";

/** What was chosen: a date, null for the present one, and a length. */
export interface DateChoice {
  readonly length: Length;
  readonly date: DateText | null;
}

/**
 * @fires date-choice - Another period was chosen; `detail` is a `DateChoice`.
 */
@customElement("date-bar")
export class DateBar extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem 1rem;
      }
      .joined {
        display: flex;
      }
      .joined > * {
        border-radius: 0;
        margin-left: -1px;
        padding-inline: 0.7rem;
      }
      .joined > :first-child {
        border-radius: var(--round-small) 0 0 var(--round-small);
        margin-left: 0;
      }
      .joined > :last-child {
        border-radius: 0 var(--round-small) var(--round-small) 0;
      }
      .joined > :focus-visible {
        z-index: 1;
      }
      .steps {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem;
      }
      .steps .step {
        padding: 0;
      }
      input {
        min-width: 0;
        width: 10rem;
      }
    `,
  ];

  @property({ attribute: false }) lengths: readonly Length[] = [];
  @property() length: Length = "day";
  /** The chosen date, or that of the present. */
  @property() date: DateText = "";
  /** That of the present; a period that holds it is chosen by null. */
  @property() today: DateText = "";
  /** The last date that can have anything. */
  @property() last: DateText = "";

  override render() {
    const next = steppedBy(this.length, this.date, 1);
    const isPresent = this.periodOf(this.date) === this.periodOf(this.today);
    return html`<div class="bar" role="group" aria-label=${texts.dates.period}>
      <div class="joined">
        ${this.lengths.map(
          (length) =>
            html`<button
              aria-pressed=${length === this.length ? "true" : "false"}
              @click=${() => this.choose(length, this.date)}
            >
              ${texts.dates.lengths[length]}
            </button>`,
        )}
      </div>
      <div class="steps">
        <button
          class="plain step"
          title=${texts.dates.before[this.length]}
          aria-label=${texts.dates.before[this.length]}
          @click=${() => this.step(-1)}
        >
          ${icon("earlier")}
        </button>
        <input
          type="date"
          aria-label=${texts.dates.date}
          .value=${this.date}
          max=${this.last}
          @change=${this.pick}
        />
        <button
          class="plain step"
          title=${texts.dates.after[this.length]}
          aria-label=${texts.dates.after[this.length]}
          ?disabled=${next > this.last}
          @click=${() => this.step(1)}
        >
          ${icon("later")}
        </button>
        ${
          isPresent
            ? nothing
            : html`<button @click=${() => this.choose(this.length, this.today)}>
                ${texts.dates.present[this.length]}
              </button>`
        }
      </div>
    </div>`;
  }

  private periodOf(date: DateText): DateText {
    return steppedBy(this.length, date, 0);
  }

  private step(by: number): void {
    this.choose(this.length, steppedBy(this.length, this.date, by));
  }

  private readonly pick = (event: Event) => {
    const { value } = event.target as HTMLInputElement;
    if (isDate(value)) this.choose(this.length, value);
  };

  private choose(length: Length, date: DateText): void {
    const isPresent = steppedBy(length, date, 0) === steppedBy(length, this.today, 0);
    const detail: DateChoice = { length, date: isPresent ? null : date };
    this.dispatchEvent(new CustomEvent<DateChoice>("date-choice", { detail }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "date-bar": DateBar;
  }
}
