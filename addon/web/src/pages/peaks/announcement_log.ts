/** What the peak watch announced, and what each hour was worth. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { AnnouncedMonth, AnnouncementsAnswer } from "../../api/peaks";
import { count, written } from "../../format/numbers";
import { dayTime, instant } from "../../format/times";
import { load, loadUnit } from "../../format/units";
import "../../parts/notice_box";
import "../../parts/panel_card";
import { shared } from "../../styles/shared";
import type { Order } from "../../table/columns";
import "../../table/data_table";
import { texts } from "../../texts/texts";
import { CENTRAL } from "../../time/zones";
import { announcementColumns, hoursOf, missedMonths } from "./announcement_columns";
import { monthStart } from "./months";

const words = texts.watch.log;
const MOST_ROWS = 60;

@customElement("announcement-log")
export class AnnouncementLog extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .explained {
        margin-top: 0.75rem;
        max-width: 60rem;
      }
      ul {
        margin-block: 0.35rem 0.75rem;
      }
    `,
  ];

  @property({ attribute: false }) answer!: AnnouncementsAnswer;
  @state() private order: Order | null = null;

  override render() {
    const { months } = this.answer;
    return html`<panel-card source="kamo" heading=${words.heading}>
      ${
        months.length === 0
          ? html`<p class="soft">${words.none}</p>`
          : html`${this.tally()} ${this.table(months)}`
      }
    </panel-card>`;
  }

  private tally() {
    const { months_over, months_caught, months } = this.answer;
    const missed = missedMonths(months);
    return html`
      <p>
        ${
          months_over === 0
            ? words.running
            : words.tally(count(months_caught), count(months_over))
        }
      </p>
      ${
        missed.length === 0
          ? nothing
          : html`<ul class="soft small">
              ${missed.map((month) => html`<li>${this.missed(month)}</li>`)}
            </ul>`
      }
    `;
  }

  private missed({ month, peak_kw, peak_at }: AnnouncedMonth): string {
    return words.missed(
      instant(monthStart(month), CENTRAL, "month"),
      written(load(peak_kw)),
      peak_at === null ? "" : dayTime(Date.parse(peak_at), CENTRAL),
    );
  }

  private table(months: readonly AnnouncedMonth[]) {
    const hours = hoursOf(months);
    const highest = Math.max(0, ...months.map(({ peak_kw }) => peak_kw ?? 0));
    const shown = hours.slice(0, MOST_ROWS);
    return html`
      <data-table
        label=${words.heading}
        .columns=${announcementColumns(loadUnit(highest))}
        .rows=${shown}
        .order=${this.order}
        @order-change=${(event: CustomEvent<Order>) => {
          this.order = event.detail;
        }}
      ></data-table>
      <p class="soft small explained">
        ${
          shown.length < hours.length
            ? words.newest(count(shown.length), count(hours.length))
            : nothing
        }
        ${words.explained}
      </p>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "announcement-log": AnnouncementLog;
  }
}
