/** The calendar of a series: a mark for each day, and what is known of the chosen one. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../api/client";
import { DAY_STATES, type GapsAnswer, type SeriesDaysAnswer } from "../../api/ledger";
import { Loaded } from "../../api/loaded";
import { count } from "../../format/numbers";
import { instant } from "../../format/times";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { type CalendarDate, formatSeries, weeksOf } from "./days";
import { dateOf, MARKS } from "./names";

/** How far arrow keys go, in days. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  ArrowLeft: -7,
  ArrowRight: 7,
};

/** Returns a date as the reader's language writes it. */
export function dateText(date: string): string {
  return instant(Date.parse(date), "UTC", "date");
}

/**
 * @fires day-choice - A day was chosen; `detail` is its date.
 */
@customElement("day-calendar")
export class DayCalendar extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .frame {
        overflow-x: auto;
        padding: 4px;
      }
      table {
        border-collapse: separate;
        border-spacing: 3px;
      }
      th {
        color: var(--ink-soft);
        font-size: 0.75rem;
        font-weight: 550;
        text-align: start;
        white-space: nowrap;
      }
      th.month {
        max-width: 0;
        overflow: visible;
      }
      td {
        padding: 0;
      }
      td button {
        border: 0;
        border-radius: 0.25rem;
        font-size: 0.85rem;
        min-height: 1.75rem;
        min-width: 1.75rem;
        padding: 0;
      }
      td button[aria-pressed="true"] {
        background: var(--accent);
        color: var(--on-accent);
      }
      .complete {
        background: var(--good-area);
        color: var(--good);
      }
      .estimated,
      .partial {
        background: var(--warn-area);
        color: var(--warn);
      }
      .missing {
        background: var(--bad-area);
        color: var(--bad);
      }
      .unavailable,
      .unknown {
        background: var(--sunken);
        color: var(--ink-soft);
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
        margin-block: 0.5rem;
      }
      .legend li {
        align-items: center;
        display: flex;
        font-size: var(--text-small);
        gap: 0.35rem;
      }
      .legend span {
        border-radius: 0.25rem;
        min-width: 1.5rem;
        text-align: center;
      }
    `,
  ];

  @property({ attribute: false }) series!: SeriesDaysAnswer;
  @property() name = "";
  @property() start = "";
  @property() end = "";
  /** The chosen day; "" for none. */
  @property() day = "";
  private readonly gap = new Loaded<GapsAnswer>(this, {
    about: () => (this.isGap ? `${formatSeries(this.series)} ${this.day}` : null),
    ask: (signal) => {
      const { kind, owner } = this.series;
      const query = { kind, owner, start: this.day, end: this.day };
      return api.get("api/gaps", query, signal);
    },
  });

  private get known() {
    return this.series.days.find(({ day }) => day === this.day);
  }

  private get isGap(): boolean {
    const { known } = this;
    return known !== undefined && known.state !== "complete";
  }

  override render() {
    const { days } = texts.health;
    const weeks = weeksOf(this.series.days, this.start, this.end);
    return html`
      <div class="frame" role="region" aria-label=${days.calendar(this.name)} tabindex="0">
        <table @keydown=${this.move}>
          <thead>
            <tr>
              <th scope="col"><span class="unseen">${days.weekday}</span></th>
              ${weeks.map((week) => this.month(week))}
            </tr>
          </thead>
          <tbody>
            ${days.weekdays.map(
              (weekday, at) =>
                html`<tr>
                  <th scope="row">${weekday}</th>
                  ${weeks.map((week) => this.cell(week[at] ?? null))}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <ul class="legend" aria-label=${days.legend}>
        ${DAY_STATES.map(
          (state) =>
            html`<li>
              <span class=${state}>${MARKS[state]}</span> ${texts.health.states[state]}
            </li>`,
        )}
        <li><span class="unknown">·</span> ${days.neverAsked}</li>
      </ul>
      <p class="small" role="status">${this.summary()}</p>
    `;
  }

  private month(week: readonly (CalendarDate | null)[]) {
    const first = week.find((one) => one?.date.endsWith("-01") === true);
    if (first === null || first === undefined) return html`<td></td>`;
    return html`<th class="month" scope="col">
      ${instant(Date.parse(first.date), "UTC", "shortMonth")}
    </th>`;
  }

  private cell(one: CalendarDate | null) {
    if (one === null) return html`<td></td>`;
    const { date, known } = one;
    const state = known === undefined ? undefined : texts.health.states[known.state];
    const summary = texts.health.days.day(
      dateText(date),
      state ?? texts.health.days.neverAsked,
    );
    return html`<td>
      <button
        class=${known?.state ?? "unknown"}
        data-date=${date}
        tabindex=${date === (this.day || this.end) ? 0 : -1}
        aria-pressed=${date === this.day}
        aria-label=${summary}
        title=${summary}
        @click=${() => this.choose(date)}
      >
        ${known === undefined ? "·" : MARKS[known.state]}
      </button>
    </td>`;
  }

  private summary() {
    const { days, states } = texts.health;
    if (this.day === "") return `${days.chooseDay} ${days.keys}`;
    const { known } = this;
    const name = dateText(this.day);
    if (known === undefined) return days.day(name, days.neverAsked);
    const minutes = days.minutes(
      count(known.present_minutes),
      count(known.expected_minutes),
    );
    const gap = this.gap.value?.gaps.find(
      ({ channel }) => channel === this.series.channel,
    );
    const isToday = this.day === dateOf(this.series.kind, Date.now());
    return html`<strong>${days.day(name, states[known.state] ?? known.state)}.</strong>
      ${minutes} ${isToday ? days.running : nothing} ${gap?.cause ? days.cause(gap.cause) : nothing}`;
  }

  private choose(date: string): void {
    this.dispatchEvent(new CustomEvent<string>("day-choice", { detail: date }));
  }

  private readonly move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const dates = [...this.renderRoot.querySelectorAll<HTMLElement>("td button")].sort(
      (one, other) => (one.dataset.date ?? "").localeCompare(other.dataset.date ?? ""),
    );
    const at = dates.indexOf(event.target as HTMLElement);
    dates[at + step]?.focus();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "day-calendar": DayCalendar;
  }
}
