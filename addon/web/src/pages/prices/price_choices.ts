/** All that a reader can choose on the page of prices; it stands in the address. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { SiteAnswer } from "../../api/amber";
import "../../parts/date_bar";
import type { DateChoice } from "../../parts/date_bar";
import { channelSelect, siteSelect } from "../../parts/site_choices";
import type { ViewChanges } from "../../routing/route";
import { ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { type DateText, isDate, plusDays } from "../../time/dates";
import {
  type CompareKind,
  comparedDates,
  DAYS_AHEAD,
  kindOf,
  LENGTHS,
  type PriceView,
} from "./price_view";

@customElement("price-choices")
export class PriceChoices extends LitElement {
  static override styles = [
    shared,
    css`
      :host,
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem 1rem;
        min-width: 0;
      }
      label {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 0.15rem 0.5rem;
        min-width: 0;
      }
      input[type="date"] {
        width: 10rem;
      }
    `,
  ];

  @property({ attribute: false }) view!: PriceView;
  @property({ attribute: false }) sites: readonly SiteAnswer[] = [];
  @property({ attribute: false }) site!: SiteAnswer;
  @property() today: DateText = "";

  private readonly route = new ViewController(this);

  override render() {
    const { view, sites, site } = this;
    return html`
      <date-bar
        .lengths=${LENGTHS}
        .length=${view.length}
        .date=${view.date}
        .today=${this.today}
        .last=${plusDays(this.today, DAYS_AHEAD)}
        @date-choice=${this.chooseDate}
      ></date-bar>
      <div class="choices">
        ${siteSelect(sites, site, (id) => this.change({ site: id, channel: null }))}
        ${channelSelect(site, view.channel, (channel) => this.change({ channel }))}
        ${this.comparing()}
        <button
          aria-pressed=${view.hasSpot ? "true" : "false"}
          @click=${() => this.change({ spot: view.hasSpot ? null : "on" })}
        >
          ${texts.prices.spot}
        </button>
      </div>
    `;
  }

  private comparing() {
    const { compare, length } = this.view;
    const { none, week, date } = texts.prices.compares;
    const before = texts.dates.before[length];
    const chosen = kindOf(compare);
    const offered = Object.entries({ none, before, week, date }).filter(
      // of a week, the week before is the same
      ([name]) => length === "day" || name !== "week" || chosen === "week",
    );
    return html`<label>
        <span class="small">${texts.prices.compare}</span>
        <select @change=${this.chooseCompare}>
          ${offered.map(
            ([name, label]) =>
              html`<option value=${name} ?selected=${name === chosen}>
                ${label}
              </option>`,
          )}
        </select>
      </label>
      ${
        chosen === "date"
          ? html`<input
              type="date"
              aria-label=${texts.prices.compareDate}
              .value=${compare}
              max=${this.today}
              @change=${this.chooseComparedDate}
            />`
          : nothing
      }`;
  }

  private readonly chooseDate = ({ detail }: CustomEvent<DateChoice>) => {
    const { date, length } = detail;
    this.change({ date, length: length === "day" ? null : length });
  };

  private readonly chooseCompare = (event: Event) => {
    const name = (event.target as HTMLSelectElement).value as CompareKind;
    const before = comparedDates({ ...this.view, compare: "before" });
    const other = name === "date" ? (before?.first ?? this.today) : name;
    this.change({ compare: other === "none" ? null : other });
  };

  private readonly chooseComparedDate = (event: Event) => {
    const { value } = event.target as HTMLInputElement;
    if (isDate(value)) this.change({ compare: value });
  };

  /** What is seen of a chart is no part of another one. */
  private change(changes: ViewChanges): void {
    this.route.change({ ...changes, zoom: null });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "price-choices": PriceChoices;
  }
}
