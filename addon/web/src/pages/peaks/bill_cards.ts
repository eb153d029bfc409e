/** What an area's demand bill is made of, and what is wrong with its substations. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { DeterminantsAnswer, SubstationHealthAnswer } from "../../api/bill";
import { api, segment } from "../../api/client";
import type { AreaAnswer } from "../../api/kamo";
import { Loaded } from "../../api/loaded";
import { count, decimal } from "../../format/numbers";
import { instant } from "../../format/times";
import { loadUnit } from "../../format/units";
import { whenLoaded } from "../../parts/answer_state";
import { icon } from "../../parts/icon";
import "../../parts/notice_box";
import "../../parts/panel_card";
import { shared } from "../../styles/shared";
import type { Order } from "../../table/columns";
import "../../table/data_table";
import { texts } from "../../texts/texts";
import { CENTRAL } from "../../time/zones";
import {
  dayColumns,
  faultColumns,
  figureColumns,
  figures,
  newestMonth,
  openFaults,
  substationColumns,
} from "./bill_columns";
import { monthStart } from "./months";

const words = texts.bill;
const HIGHEST_FIRST: Order = { by: "peak", isDescending: true };
const ALL_MONTHS = 12;
const WORTH_DIGITS = 3;

@customElement("bill-cards")
export class BillCards extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: contents;
      }
      .wide {
        grid-column: 1 / -1;
      }
      h3 {
        margin-block: 1.25rem 0.25rem;
      }
      .explained {
        margin-top: 0.75rem;
        max-width: 60rem;
      }
    `,
  ];

  @property({ attribute: false }) area!: AreaAnswer;
  private order: Order = HIGHEST_FIRST;
  private readonly bill = new Loaded<DeterminantsAnswer>(this, {
    about: () => this.area.abbreviation,
    ask: (signal) => api.get(this.path("determinants"), {}, signal),
    everyS: 900,
  });
  private readonly health = new Loaded<SubstationHealthAnswer>(this, {
    about: () => (this.area.is_aggregate ? null : this.area.abbreviation),
    ask: (signal) => api.get(this.path("substations/health"), { days: 0 }, signal),
    // substations are looked after once the run is over
    after: ["run_finished", "substation_health"],
    everyS: 300,
  });

  private path(what: string): string {
    return `api/${what}/${segment(this.area.abbreviation)}`;
  }

  override render() {
    const year = this.bill.value?.first_date.slice(0, 4) ?? "";
    return html`
      <panel-card class="wide" source="kamo" heading=${words.heading(year)}>
        ${whenLoaded(this.bill, (bill) => this.content(bill))}
      </panel-card>
      ${this.area.is_aggregate ? nothing : this.faults()}
    `;
  }

  private content(bill: DeterminantsAnswer) {
    return html`
      ${this.figures(bill)} ${this.days(bill)}
      ${this.area.is_aggregate ? nothing : this.substations(bill)}
      <p class="explained">
        <a class="button" download href=${this.csv()}>
          ${icon("download", 18)} ${words.csv}
        </a>
      </p>
    `;
  }

  private csv(): string {
    return api.address(`${this.path("determinants")}?format=csv`).href;
  }

  private figures(bill: DeterminantsAnswer) {
    if (bill.so_far === null && bill.projected === null) {
      return html`<p class="soft">${words.noFigures}</p>`;
    }
    const { day_kw_less: day, substation_kw_less: substation } = bill;
    return html`
      <data-table
        label=${words.figures.label}
        .columns=${figureColumns()}
        .rows=${figures(bill)}
      ></data-table>
      ${
        bill.projected !== null && bill.projected_months < ALL_MONTHS
          ? html`<notice-box kind="warn">
              ${words.few(count(bill.projected_months))}
            </notice-box>`
          : nothing
      }
      <p class="soft small explained">
        ${words.less(decimal(-day, WORTH_DIGITS), decimal(substation, WORTH_DIGITS))}
      </p>
    `;
  }

  private days({ seasons }: DeterminantsAnswer) {
    const days = seasons.flatMap((season) => season.days);
    const highest = Math.max(0, ...days.map(({ peak_kw }) => peak_kw));
    return html`
      <h3>${words.days.heading}</h3>
      ${
        days.length === 0
          ? html`<p class="soft">${words.days.none}</p>`
          : html`<data-table
              label=${words.days.heading}
              .columns=${dayColumns(loadUnit(highest))}
              .rows=${days}
            ></data-table>`
      }
    `;
  }

  private substations({ substations }: DeterminantsAnswer) {
    const rows = newestMonth(substations);
    const [first] = rows;
    if (first === undefined) {
      return html`<p class="soft explained">${words.substations.none}</p>`;
    }
    const month = instant(monthStart(first.month), CENTRAL, "month");
    const heading = words.substations.heading(month);
    return html`
      <h3>${heading}</h3>
      <data-table
        label=${heading}
        .columns=${substationColumns()}
        .rows=${rows}
        .order=${this.order}
        @order-change=${(event: CustomEvent<Order>) => {
          this.order = event.detail;
          this.requestUpdate();
        }}
      ></data-table>
    `;
  }

  private faults() {
    return html`<panel-card
      class="wide"
      source="kamo"
      heading=${words.faults.heading}
    >
      ${whenLoaded(this.health, ({ data, is_watched }) => {
        const rows = openFaults(data);
        if (rows.length > 0) {
          return html`<data-table
            label=${words.faults.heading}
            .columns=${faultColumns()}
            .rows=${rows}
          ></data-table>`;
        }
        return html`<p class="soft">
          ${is_watched ? words.faults.none : words.faults.off}
        </p>`;
      })}
    </panel-card>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "bill-cards": BillCards;
  }
}
