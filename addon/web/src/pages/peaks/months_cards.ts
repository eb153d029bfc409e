/** An area's months: as bars, and as a table. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api, segment } from "../../api/client";
import type { AreaAnswer, MonthAnswer, MonthsAnswer } from "../../api/kamo";
import { Loaded } from "../../api/loaded";
import { download } from "../../chart/csv";
import type { ChartData } from "../../chart/data";
import "../../chart/time_chart";
import { count, written } from "../../format/numbers";
import { instant } from "../../format/times";
import { load, loadUnit } from "../../format/units";
import { whenLoaded } from "../../parts/answer_state";
import { icon } from "../../parts/icon";
import "../../parts/notice_box";
import "../../parts/panel_card";
import { remembered } from "../../parts/remembered";
import { ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import { formatOrder, type Order, parseOrder, sorted } from "../../table/columns";
import "../../table/data_table";
import { texts } from "../../texts/texts";
import { CENTRAL, startOfMonth } from "../../time/zones";
import { monthColumns } from "./month_columns";
import {
  daysKnown,
  highestMonth,
  LEAST_DAYS,
  monthBars,
  monthCsv,
  monthStart,
} from "./months";

const words = texts.peaks;
const NEWEST_FIRST: Order = { by: "month", isDescending: true };
/** As many as the server keeps apart: a hundred years. */
const ALL_MONTHS = 1200;
const SYSTEM = "KAMO";

@customElement("months-cards")
export class MonthsCards extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: contents;
      }
      .wide {
        grid-column: 1 / -1;
      }
      .explained {
        margin-top: 0.75rem;
        max-width: 60rem;
      }
    `,
  ];

  @property({ attribute: false }) area!: AreaAnswer;
  private readonly route = new ViewController(this);
  private readonly months = new Loaded<MonthsAnswer>(this, {
    about: () => this.area.abbreviation,
    ask: (signal) =>
      api.get(
        `api/load/months/${segment(this.area.abbreviation)}`,
        { months: ALL_MONTHS },
        signal,
      ),
    after: ["run_finished"],
  });

  private get isSystem(): boolean {
    return this.area.abbreviation === SYSTEM;
  }

  override render() {
    return html`
      <panel-card source="kamo" heading=${words.chart.card}>
        ${whenLoaded(this.months, ({ data }) => this.chart(data))}
      </panel-card>
      <panel-card class="wide" source="kamo" heading=${words.table.heading}>
        ${this.months.value === undefined ? nothing : this.table(this.months.value.data)}
      </panel-card>
    `;
  }

  private readonly bars = remembered(monthBars);

  private chart(months: readonly MonthAnswer[]) {
    const highest = highestMonth(months);
    if (highest === null) return html`<p class="soft">${words.none}</p>`;
    const data = this.bars(months, this.isSystem);
    const days = daysKnown(months);
    return html`
      ${
        days < LEAST_DAYS
          ? html`<notice-box kind="warn">
              ${words.few(words.days(count(days)), words.days(count(LEAST_DAYS)))}
            </notice-box>`
          : nothing
      }
      ${
        data.times.length < 2
          ? html`<p class="soft">${words.chart.oneMonth}</p>`
          : this.drawn(data, highest, months.length)
      }
    `;
  }

  private drawn(data: ChartData, highest: MonthAnswer, months: number) {
    const { summary, heading } = words.chart;
    const from = data.times[0] ?? 0;
    return html`<time-chart
        heading=${heading(this.area.name)}
        summary=${summary(
          written(load(highest.peak_kw)),
          instant(monthStart(highest.month), CENTRAL, "month"),
          count(months),
        )}
        file-name="peaks-${this.area.abbreviation}"
        .data=${data}
        .zone=${CENTRAL}
        .limits=${this.limits(from, data.times.at(-1) ?? from)}
        .height=${240}
      ></time-chart>`;
  }

  private readonly limits = remembered((from: number, last: number) => ({
    from,
    to: startOfMonth(CENTRAL, last, 1),
  }));

  private table(months: readonly MonthAnswer[]) {
    const unit = loadUnit(highestMonth(months)?.peak_kw ?? 0);
    const columns = monthColumns(unit, this.isSystem);
    const order = parseOrder(this.route.view.sort, NEWEST_FIRST);
    const rows = sorted(months, columns, order);
    return html`
      <data-table
        label=${words.table.heading}
        .columns=${columns}
        .rows=${rows}
        .order=${order}
        isSorted
        @order-change=${(event: CustomEvent<Order>) =>
          this.route.change({ sort: formatOrder(event.detail) }, true)}
      ></data-table>
      <p class="soft small explained">
        ${this.isSystem ? words.table.explainedOfSum : words.table.explained}
      </p>
      <p class="explained">
        <button
          aria-label=${words.table.csv}
          title=${words.table.csv}
          @click=${() =>
            download(
              `months-${this.area.abbreviation}.csv`,
              monthCsv(rows, this.isSystem),
            )}
        >
          ${icon("download", 18)} ${words.table.save}
        </button>
      </p>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "months-cards": MonthsCards;
  }
}
