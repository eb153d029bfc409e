/** An area's substations as they were last read: to be sorted, filtered, and saved. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { AreaAnswer, SubstationsAnswer } from "../../api/kamo";
import type { Loaded } from "../../api/loaded";
import { download } from "../../chart/csv";
import { count, written } from "../../format/numbers";
import { dayTime } from "../../format/times";
import { load, powerFactor } from "../../format/units";
import { whenLoaded } from "../../parts/answer_state";
import { icon } from "../../parts/icon";
import "../../parts/panel_card";
import { addressOf, ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import { formatOrder, type Order, parseOrder, sorted } from "../../table/columns";
import "../../table/data_table";
import type { DataTable } from "../../table/data_table";
import { texts } from "../../texts/texts";
import { CENTRAL } from "../../time/zones";
import { verdictCounts } from "./power_factor";
import { substationColumns } from "./substation_columns";
import { filtered, substationCsv } from "./substation_csv";

const words = texts.inspector.substations;
const BY_LOAD: Order = { by: "load", isDescending: true };

@customElement("substation-list")
export class SubstationList extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .row {
        justify-content: space-between;
        margin-block: 0.75rem;
      }
      input {
        flex: 0 1 20rem;
        min-width: 0;
      }
      .row button {
        flex: none;
      }
    `,
  ];

  @property({ attribute: false }) area!: AreaAnswer;
  /** The same object with another answer in it. */
  @property({ attribute: false, hasChanged: () => true })
  readings!: Loaded<SubstationsAnswer>;
  @query("input") private field!: HTMLInputElement | null;
  @query("data-table") private table!: DataTable<unknown> | null;
  private readonly route = new ViewController(this);

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("keydown", this.seek);
  }

  override disconnectedCallback(): void {
    window.removeEventListener("keydown", this.seek);
    super.disconnectedCallback();
  }

  override render() {
    const all = this.readings.value?.substations.length;
    return html`<panel-card
      source="kamo"
      heading=${all === undefined ? words.headingUnknown : words.heading(count(all))}
    >
      ${this.content()}
    </panel-card>`;
  }

  private content() {
    const { area, readings } = this;
    if (area.is_aggregate) return html`<p class="soft">${words.ofSum(area.name)}</p>`;
    if (readings.problem?.code === "no_data") {
      return html`<p class="soft">${words.notYet(area.name)}</p>`;
    }
    return whenLoaded(readings, (answer) => this.list(answer));
  }

  private list({ substations, snapshot_time, total }: SubstationsAnswer) {
    const readAt = Date.parse(snapshot_time);
    const { view } = this.route;
    const columns = substationColumns((name) =>
      addressOf("inspector", { ...view, substation: name }),
    );
    const order = parseOrder(view.sort, BY_LOAD);
    const filter = view.filter ?? "";
    const shown = sorted(filtered(substations, filter), columns, order);
    const { poor, fair } = verdictCounts(substations);
    return html`
      <p>
        ${words.together(written(load(total.kw)), powerFactor(total.pf))}
        ${poor > 0 ? words.poor(count(poor)) : nothing}
        ${fair > 0 ? words.fair(count(fair)) : nothing}
        <span class="soft">${words.read(`${dayTime(readAt, CENTRAL)} Central`)}</span>
      </p>
      <div class="row">
        <input
          type="search"
          aria-label=${words.filter}
          placeholder=${words.filterKey}
          .value=${filter}
          @input=${this.filter}
          @keydown=${this.fieldKey}
        />
        <button
          aria-label=${words.csv}
          title=${words.csv}
          @click=${() =>
            download(
              `substations-${this.area.abbreviation}.csv`,
              substationCsv(shown, readAt),
            )}
        >
          ${icon("download", 18)} ${words.save}
        </button>
      </div>
      ${
        filter === ""
          ? nothing
          : html`<p class="small soft" role="status">
              ${
                shown.length === 0
                  ? words.none(filter)
                  : words.left(count(shown.length), count(substations.length))
              }
            </p>`
      }
      <data-table
        label=${words.headingUnknown}
        .columns=${columns}
        .rows=${shown}
        .order=${order}
        isSorted
        @order-change=${(event: CustomEvent<Order>) =>
          this.route.change({ sort: formatOrder(event.detail) }, true)}
        @keydown=${this.rowKey}
      ></data-table>
    `;
  }

  /** Puts the focus on a substation's row, or on the list. */
  focusOn(name: string): void {
    const link = this.links.find(({ textContent }) => textContent === name);
    (link ?? this.links[0])?.focus();
  }

  private get links(): HTMLAnchorElement[] {
    return [
      ...(this.table?.renderRoot.querySelectorAll<HTMLAnchorElement>("td a") ?? []),
    ];
  }

  private readonly filter = (event: Event) => {
    this.route.change({ filter: (event.target as HTMLInputElement).value }, true);
  };

  private readonly fieldKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") this.route.change({ filter: null }, true);
    if (event.key === "ArrowDown") this.links[0]?.focus();
    else return;
    event.preventDefault();
  };

  private readonly rowKey = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const { links } = this;
    const at = links.indexOf(event.composedPath()[0] as HTMLAnchorElement);
    if (by === undefined || at < 0) return;
    event.preventDefault();
    const next = links[at + by];
    if (next !== undefined) next.focus();
    else if (by < 0) this.field?.focus();
  };

  /** A slash goes to the filter, unless somebody is writing one. */
  private readonly seek = (event: KeyboardEvent) => {
    const [target] = event.composedPath();
    const isWriting =
      target instanceof Element && target.matches("input, select, dialog, dialog *");
    if (event.key !== "/" || isWriting || this.route.view.substation) return;
    if (event.ctrlKey || event.metaKey || event.altKey || this.field === null) return;
    event.preventDefault();
    this.field.focus();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "substation-list": SubstationList;
  }
}
