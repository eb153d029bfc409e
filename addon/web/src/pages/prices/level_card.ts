/** On which level prices are and when, and how renewable the grid is. */

import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { PriceAnswer } from "../../api/amber";
import type { ChartData, Line, Span } from "../../chart/data";
import "../../chart/time_chart";
import { percent, written } from "../../format/numbers";
import { clockTime, instant, zoneLabel } from "../../format/times";
import { price } from "../../format/units";
import "../../parts/notice_box";
import "../../parts/panel_card";
import "../../parts/price_level";
import { shared } from "../../styles/shared";
import type { Column } from "../../table/columns";
import "../../table/data_table";
import { texts } from "../../texts/texts";
import { NEM } from "../../time/zones";
import { type LevelStretch, levelStretches } from "./level_stretches";

const time = (at: number) => clockTime(at, NEM).replaceAll(" ", "\u00a0");
const when = (at: number) => `${instant(at, NEM, "day")}, ${time(at)}`;

@customElement("level-card")
export class LevelCard extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        align-items: start;
        display: grid;
        gap: var(--gap);
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr));
        min-width: 0;
      }
    `,
  ];

  /** Of the general channel, ascending. */
  @property({ attribute: false }) prices: readonly PriceAnswer[] = [];
  @property({ attribute: "file-name" }) fileName = "";
  @property({ attribute: false }) span: Span | null = null;
  /** The present, to the minute (milliseconds). */
  @property({ attribute: false }) now = 0;

  private data: ChartData = { times: [], lines: [] };
  private limits: Span = { from: 0, to: 1 };

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("prices")) return;
    this.data = renewables(this.prices);
    const [first, last] = [this.prices[0], this.prices.at(-1)];
    if (first === undefined || last === undefined) return;
    this.limits = { from: Date.parse(first.starts_at), to: Date.parse(last.ends_at) };
  }

  override render() {
    const stretches = levelStretches(this.prices);
    const spikes = stretches.filter(({ level }) => level === "spike");
    return html`
      <panel-card source="amber" heading=${texts.prices.levels.heading}>
        <span slot="aside" class="soft small">${zoneLabel(NEM)}</span>
        ${spikes.map(
          ({ from, to, high }) =>
            html`<notice-box kind="bad">
              ${texts.prices.levels.spike(when(from), clockTime(to, NEM), written(price(high)))}
            </notice-box>`,
        )}
        <data-table
          label=${texts.prices.levels.heading}
          .columns=${COLUMNS}
          .rows=${stretches}
          isSorted
        ></data-table>
      </panel-card>
      <panel-card source="amber" heading=${texts.prices.renewables.heading}>
        <time-chart
          heading=${texts.prices.lines.renewables}
          summary=${this.summary()}
          file-name="${this.fileName}-renewables"
          .data=${this.data}
          .zone=${NEM}
          .limits=${this.limits}
          .span=${this.span}
          .now=${this.now}
          .height=${200}
        ></time-chart>
      </panel-card>
    `;
  }

  private summary(): string | typeof nothing {
    const most = [...this.prices].sort(
      (one, other) => other.renewables - one.renewables,
    );
    const [top] = most;
    if (top === undefined) return nothing;
    const mean = most.reduce((sum, one) => sum + one.renewables, 0) / most.length;
    return texts.prices.renewables.summary(
      percent(mean / 100),
      percent(top.renewables / 100),
      when(Date.parse(top.starts_at)),
    );
  }
}

const COLUMNS: readonly Column<LevelStretch>[] = [
  {
    key: "when",
    label: texts.prices.levels.when,
    show: ({ from, to }) => `${when(from)} – ${time(to)}`,
  },
  {
    key: "level",
    label: texts.prices.levels.level,
    show: ({ level }) => html`<price-level .level=${level}></price-level>`,
  },
  {
    key: "price",
    label: texts.prices.levels.price,
    isNumber: true,
    show: ({ mean }) => written(price(mean)),
  },
  {
    key: "state",
    label: texts.prices.levels.state,
    show: ({ isSettled }) =>
      isSettled ? texts.prices.levels.settled : texts.prices.levels.expected,
  },
];

function renewables(prices: readonly PriceAnswer[]): ChartData {
  const line = (isSettled: boolean): Line => ({
    label: isSettled
      ? texts.prices.lines.renewables
      : texts.prices.lines.renewablesExpected,
    unit: "%",
    values: prices.map((one) => (one.is_settled === isSettled ? one.renewables : null)),
    shape: "steps",
    dash: isSettled ? "solid" : "dashed",
    colour: "good",
    digits: 0,
  });
  return {
    times: prices.map(({ starts_at }) => Date.parse(starts_at)),
    lines: [line(true), line(false)].filter(({ values }) =>
      values.some((value) => value !== null),
    ),
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "level-card": LevelCard;
  }
}
