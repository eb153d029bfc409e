/** How far off forecasts were, by how far ahead they were made. */

import { css, html, LitElement, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../api/client";
import type { CorrectionAnswer, ScoreAnswer, ScoresAnswer } from "../api/forecasts";
import { Loaded } from "../api/loaded";
import { count, decimal, percent, UNKNOWN, written } from "../format/numbers";
import { duration } from "../format/times";
import { loadUnit, priceUnit, type Unit } from "../format/units";
import { shared } from "../styles/shared";
import type { Column } from "../table/columns";
import "../table/data_table";
import { texts } from "../texts/texts";
import { whenLoaded } from "./answer_state";
import {
  correctionOf,
  errorsByHorizon,
  type HorizonErrors,
  headlineScore,
  isPoint,
  largestError,
  scoresOf,
} from "./forecast_scores";
import "./notice_box";
import "./panel_card";

const words = texts.forecasts;
const CENT_AUD = 0.01;
const DAYS = 60;
/** Renewed no more often: scores change slowly, and are worked out anew each time. */
const EVERY_S = 3600;

@customElement("forecast-scores-card")
export class ForecastScoresCard extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      h3 {
        margin-block: 0.75rem 0.25rem;
      }
      .horizons {
        display: grid;
        gap: 0.75rem 2rem;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
        margin-bottom: 1rem;
      }
      .bars {
        align-items: center;
        display: grid;
        font-size: var(--text-small);
        gap: 0.1rem 0.6rem;
        grid-template-columns: minmax(0, 5.5rem) minmax(0, 1fr) minmax(3.5rem, auto);
      }
      .bars span {
        overflow-wrap: anywhere;
      }
      .bars b {
        font-variant-numeric: tabular-nums;
        font-weight: 650;
        text-align: right;
      }
      svg {
        display: block;
      }
      .amber {
        color: var(--amber);
      }
      .kamo {
        color: var(--kamo);
      }
      .persistence {
        color: var(--ink-soft);
      }
      summary {
        color: var(--accent);
        cursor: pointer;
        min-height: var(--target);
        padding-block: 0.6rem;
      }
      .explained {
        margin-top: 0.75rem;
        max-width: 60rem;
      }
    `,
  ];

  /** Whose forecasts they are. */
  @property() source: "amber" | "kamo" = "amber";
  /** Where the API tells the scores. */
  @property() path = "";
  /** Type of a site's channel; empty of an area. */
  @property() channel = "";

  private readonly scores = new Loaded<ScoresAnswer>(this, {
    about: () => (this.path === "" ? null : this.path),
    ask: (signal) => api.get(this.path, { days: DAYS }, signal),
    everyS: EVERY_S,
  });

  override render() {
    return html`<panel-card source=${this.source} heading=${words.heading}>
      <span slot="aside" class="soft small">${words.days(count(DAYS))}</span>
      ${whenLoaded(this.scores, (answer) => this.content(answer))}
    </panel-card>`;
  }

  private content({ data, corrections }: ScoresAnswer) {
    const channel = this.channel || null;
    const scores = scoresOf(data, channel);
    const horizons = errorsByHorizon(scores);
    const shown = headlineScore(scores);
    if (shown === null) return html`<p>${words.none}</p>`;
    const largest = largestError(horizons);
    const unit = this.unit(largest);
    return html`
      ${
        shown.is_small
          ? html`<notice-box kind="warn">${words.few(count(shown.days))}</notice-box>`
          : nothing
      }
      <p>
        ${sentence(shown, unit)}
        <span class="soft">${words.of(count(shown.count), count(shown.days))}</span>
      </p>
      <h3>${words.picture}, ${unit.name}</h3>
      <ul class="horizons">
        ${horizons.map((one) => this.bars(one, largest, unit))}
      </ul>
      <details>
        <summary>${words.table.label}</summary>
        <data-table
        label=${words.table.label}
        .columns=${this.columns(unit, scoresOf(corrections, channel))}
        .rows=${scores}
        isSorted
      ></data-table>
      <p class="soft small explained">
        ${words.explained} ${this.source === "amber" ? words.explainedBand : nothing}
      </p>
      </details>
    `;
  }

  /** Returns the unit of errors: of the API's cents or kW, in the one that reads best. */
  private unit(largest: number): Unit {
    const isKamo = this.source === "kamo";
    const { name, size, digits } = isKamo
      ? loadUnit(largest)
      : priceUnit(largest * CENT_AUD);
    // errors are smaller than what they are errors of
    return { name, size: isKamo ? size : size / CENT_AUD, digits: digits + 1 };
  }

  private bars(
    { minutes, errors, persistence }: HorizonErrors,
    all: number,
    unit: Unit,
  ) {
    const bar = (name: string, value: number, kind: string) => html`
      <span>${name}</span>
      <svg class=${kind} width="100%" height="12" aria-hidden="true">
        ${svg`<rect x="0.5" y="0.5" height="11" rx="2" stroke="currentColor"
          fill="currentColor" fill-opacity=${kind === "persistence" ? 0.15 : 0.75}
          width="${all === 0 ? 0 : (99 * value) / all}%"/>`}
      </svg>
      <b>${sized(value, unit)}</b>
    `;
    return html`<li>
      <strong>${duration(minutes)}</strong>
      <div class="bars">
        ${errors.map(({ forecast, mae }) => bar(nameOf(forecast), mae, this.source))}
        ${
          persistence === null
            ? nothing
            : bar(words.persistence, persistence, "persistence")
        }
      </div>
    </li>`;
  }

  private columns(
    unit: Unit,
    corrections: readonly CorrectionAnswer[],
  ): readonly Column<ScoreAnswer>[] {
    // a price that is earned is below 0 at Amber
    const sign = this.channel === "feedIn" ? -1 : 1;
    const number = (
      key: keyof typeof words.table,
      label: string,
      show: (row: ScoreAnswer) => string,
    ): Column<ScoreAnswer> => ({ key, label, isNumber: true, show });
    const { table } = words;
    return [
      {
        key: "ahead",
        label: table.ahead,
        isUnbroken: true,
        show: ({ horizon_minutes }) => duration(horizon_minutes),
      },
      {
        key: "forecast",
        label: table.forecast,
        show: ({ forecast }) => nameOf(forecast),
      },
      number("error", `${table.error}, ${unit.name}`, ({ mae }) => sized(mae, unit)),
      number("bias", `${table.bias}, ${unit.name}`, ({ bias }) =>
        sized(bias === null ? null : sign * bias, unit),
      ),
      number("skill", table.skill, (row) =>
        row.skill === null || !isPoint(row) ? UNKNOWN : decimal(row.skill, 2),
      ),
      ...(this.source === "amber"
        ? [
            number("pinball", `${table.pinball}, ${unit.name}`, ({ pinball }) =>
              sized(pinball, unit),
            ),
          ]
        : []),
      number("count", table.count, (row) => count(row.count)),
      number("days", table.days, ({ days }) => count(days)),
      {
        key: "correction",
        label: table.correction,
        show: (row) => correctionText(correctionOf(corrections, row)),
      },
    ];
  }
}

function nameOf(forecast: string): string {
  return words.names[forecast] ?? forecast;
}

function sized(value: number | null, { size, digits }: Unit): string {
  return value === null ? UNKNOWN : decimal(value / size, digits);
}

function sentence({ forecast, horizon_minutes, mae, skill }: ScoreAnswer, unit: Unit) {
  const error = written({ value: sized(mae, unit), unit: unit.name });
  const [ahead, name] = [duration(horizon_minutes), nameOf(forecast)];
  if (skill === null) return words.off(ahead, name, error);
  return skill > 0
    ? words.better(ahead, name, error, percent(skill))
    : words.worse(ahead, name, error);
}

function correctionText(correction: CorrectionAnswer | undefined): string {
  if (correction === undefined) return UNKNOWN;
  const { is_on, gain } = correction;
  if (gain === null) return words.correction.open;
  return is_on ? words.correction.on(percent(gain, 1)) : words.correction.off;
}

declare global {
  interface HTMLElementTagNameMap {
    "forecast-scores-card": ForecastScoresCard;
  }
}
