/** The figures of all bars as a table, and as CSV. */

import { html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { csv, download, isoIn } from "../../chart/csv";
import { written } from "../../format/numbers";
import { zoneLabel } from "../../format/times";
import { energy, money, price } from "../../format/units";
import { icon } from "../../parts/icon";
import "../../parts/panel_card";
import { shared } from "../../styles/shared";
import type { Column } from "../../table/columns";
import "../../table/data_table";
import { texts } from "../../texts/texts";
import { NEM } from "../../time/zones";
import { totalsOf, type UsageBar, type UsageTotals } from "./usage_bars";

interface Row {
  readonly when: string;
  readonly bar: UsageBar;
  readonly totals: UsageTotals;
}

const HEADER = [
  "time",
  "drawn_kwh",
  "cost_aud",
  "fed_in_kwh",
  "earned_aud",
  "net_aud",
  "drawn_aud_per_kwh",
  "state",
];

@customElement("usage-figures")
export class UsageFigures extends LitElement {
  static override styles = shared;

  @property({ attribute: false }) bars: readonly UsageBar[] = [];
  /** What each bar's period is called. */
  @property({ attribute: false }) whens: readonly string[] = [];
  @property({ attribute: "file-name" }) fileName = "usage";

  override render() {
    const rows = this.bars.flatMap((bar, at): Row[] =>
      bar.state === "none"
        ? []
        : [{ when: this.whens[at] ?? "", bar, totals: totalsOf([bar]) }],
    );
    return html`<panel-card source="amber" heading=${texts.usage.figures}>
      <button
        slot="aside"
        class="plain"
        aria-label=${texts.chart.downloadCsv}
        title=${texts.chart.downloadCsv}
        @click=${() => this.save(rows)}
      >
        ${icon("download", 18)} ${texts.usage.csv}
      </button>
      <data-table
        label=${texts.usage.figures}
        .columns=${COLUMNS}
        .rows=${rows}
        isSorted
      ></data-table>
    </panel-card>`;
  }

  private save(rows: readonly Row[]): void {
    const cells = rows.map(({ bar, totals }) => [
      isoIn(NEM, bar.at),
      rounded(totals.importKwh, 3),
      rounded(totals.importAud, 6),
      rounded(totals.feedInKwh, 3),
      rounded(totals.feedInAud, 6),
      rounded(totals.netAud, 6),
      rounded(totals.importAudPerKwh, 7),
      bar.state,
    ]);
    download(`${this.fileName}.csv`, csv(HEADER, cells));
  }
}

/** Digits that adding up brought are none of the utility's. */
function rounded(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}

function figure(
  key: string,
  label: string,
  show: (totals: UsageTotals) => string,
): Column<Row> {
  return { key, label, isNumber: true, show: ({ totals }) => show(totals) };
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: "when",
    label: `${texts.usage.when}, ${zoneLabel(NEM)}`,
    show: ({ when }) => when,
  },
  figure("drawn", texts.usage.imported, (one) => written(energy(one.importKwh))),
  figure("cost", texts.usage.cost, (one) => money(one.importAud)),
  figure("fed_in", texts.usage.fedIn, (one) => written(energy(one.feedInKwh))),
  figure("earned", texts.usage.earned, (one) => money(one.feedInAud)),
  figure("net", texts.usage.totals, (one) => money(one.netAud)),
  figure("mean", texts.usage.mean, (one) => written(price(one.importAudPerKwh))),
  {
    key: "state",
    label: texts.usage.state,
    show: ({ bar }) => texts.usage.states[bar.state],
  },
];

declare global {
  interface HTMLElementTagNameMap {
    "usage-figures": UsageFigures;
  }
}
