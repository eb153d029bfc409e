/** Days of every series: a strip each, and the calendar of the chosen one. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../api/client";
import { KINDS, type LedgerAnswer, type SeriesDaysAnswer } from "../../api/ledger";
import { Loaded } from "../../api/loaded";
import { count } from "../../format/numbers";
import { whenLoaded } from "../../parts/answer_state";
import "../../parts/panel_card";
import { changedView } from "../../routing/route";
import { addressOf, ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { plusDays } from "../../time/dates";
import "./day_calendar";
import { dateText } from "./day_calendar";
import "./day_strip";
import { formatSeries, tally } from "./days";
import { clockOf, dateOf, fullName, type OwnerNames, shortName } from "./names";

const SPANS = [30, 60, 180, 365] as const;
const USUAL_SPAN = 60;

@customElement("days-card")
export class DaysCard extends LitElement {
  static override styles = [
    shared,
    css`
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 0.35rem;
        margin-bottom: 0.75rem;
      }
      nav .button[aria-current="true"] {
        background: var(--accent);
        border-color: var(--accent);
        color: var(--on-accent);
      }
      .series {
        display: grid;
        gap: 0 1.5rem;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
        margin-block: 0.5rem 1rem;
      }
      .series a {
        border-radius: var(--round-small);
        color: var(--ink);
        display: grid;
        gap: 0.2rem;
        margin-inline: -0.5rem;
        padding: 0.5rem;
        text-decoration: none;
      }
      .series a:hover {
        background: var(--sunken);
      }
      .series a[aria-current="true"] {
        background: var(--sunken);
        box-shadow: inset 3px 0 0 var(--accent);
      }
      .series strong {
        overflow-wrap: anywhere;
      }
      h3 {
        margin-top: 0.5rem;
      }
    `,
  ];

  @property({ attribute: false }) names: OwnerNames = new Map();
  private readonly view = new ViewController(this);
  private readonly ledger = new Loaded<LedgerAnswer>(this, {
    about: () => String(this.span),
    ask: (signal) =>
      api.get(
        "api/ledger/days",
        { start: plusDays(dateOf("price", Date.now()), 1 - this.span) },
        signal,
      ),
    after: ["run_finished", "backfill_progress"],
  });

  private get span(): number {
    const wanted = Number(this.view.view.days);
    return SPANS.find((days) => days === wanted) ?? USUAL_SPAN;
  }

  override render() {
    const { days } = texts.health;
    return html`<panel-card heading=${days.heading}>
      <label slot="aside" class="row small">
        ${days.span}
        <select @change=${this.chooseSpan}>
          ${SPANS.map(
            (span) =>
              html`<option value=${span} ?selected=${span === this.span}>
                ${days.spans[span]}
              </option>`,
          )}
        </select>
      </label>
      ${whenLoaded(this.ledger, (ledger) => this.content(ledger))}
    </panel-card>`;
  }

  private content({ start, end, series }: LedgerAnswer) {
    const { days, kinds } = texts.health;
    const present = KINDS.filter((kind) => series.some((one) => one.kind === kind));
    const kind = present.find((one) => one === this.view.view.kind) ?? present[0];
    if (kind === undefined) return html`<p>${days.none}</p>`;
    const shown = series.filter((one) => one.kind === kind);
    const chosen =
      shown.find((one) => formatSeries(one) === this.view.view.series) ?? shown[0];
    return html`
      <nav aria-label=${days.kinds}>
        ${present.map(
          (one) =>
            html`<a
              class="button"
              href=${this.address({ kind: one, series: null, day: null })}
              aria-current=${one === kind}
              >${kinds[one]}</a
            >`,
        )}
      </nav>
      <p class="small soft">
        ${days.clock(clockOf(kind), dateText(start), dateText(end))}
      </p>
      <ul class="series">
        ${shown.map((one) => this.row(one, start, end, one === chosen))}
      </ul>
      ${chosen === undefined ? nothing : this.calendar(chosen, start, end)}
    `;
  }

  private row(series: SeriesDaysAnswer, start: string, end: string, isChosen: boolean) {
    const { days } = texts.health;
    const name = shortName(series, this.names);
    return html`<li>
      <a
        href=${this.address({ series: formatSeries(series), day: null })}
        aria-current=${isChosen}
        title=${days.choose(name)}
      >
        <strong>${name}</strong>
        <day-strip .days=${series.days} start=${start} end=${end}></day-strip>
        <span class="small soft">${this.tallied(series)}</span>
      </a>
    </li>`;
  }

  private tallied({ days }: SeriesDaysAnswer): string {
    const { counted, tally: listed } = texts.health.days;
    return listed(
      Object.entries(tally(days)).map(([state, number]) =>
        counted(count(number), texts.health.states[state] ?? state),
      ),
    );
  }

  private calendar(series: SeriesDaysAnswer, start: string, end: string) {
    const name = fullName(series, this.names);
    return html`<h3>${name}</h3>
      <day-calendar
        .series=${series}
        name=${name}
        start=${start}
        end=${end}
        day=${this.view.view.day ?? ""}
        @day-choice=${({ detail }: CustomEvent<string>) =>
          this.view.change({ day: detail }, true)}
      ></day-calendar>`;
  }

  private address(changes: Readonly<Record<string, string | null>>): string {
    return addressOf("health", changedView(this.view.view, changes));
  }

  private readonly chooseSpan = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    this.view.change({ days: Number(value) === USUAL_SPAN ? null : value });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "days-card": DaysCard;
  }
}
