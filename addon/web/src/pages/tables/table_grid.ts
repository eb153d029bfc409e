/** Rows of one table, as the address says which, in what order, with which columns. */

import { css, html, LitElement } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { api, segment } from "../../api/client";
import { Loaded } from "../../api/loaded";
import { SessionController } from "../../api/session";
import type {
  TableAnswer,
  TableColumnAnswer,
  TablePageAnswer,
  TableRow,
} from "../../api/tables";
import { count } from "../../format/numbers";
import { whenLoaded } from "../../parts/answer_state";
import { icon } from "../../parts/icon";
import "../../parts/page_steps";
import "../../parts/panel_card";
import { ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import { type Column, formatOrder, type Order } from "../../table/columns";
import "../../table/data_table";
import { texts } from "../../texts/texts";
import { cellText } from "./cells";
import "./filter_bar";
import {
  type Filter,
  filterKey,
  LIMITS,
  limitText,
  tableQuery,
  tableView,
} from "./table_view";

@customElement("table-grid")
export class TableGrid extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      summary {
        align-items: center;
        color: var(--accent);
        cursor: pointer;
        display: flex;
        font-weight: 550;
        min-height: var(--target);
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 0 1.25rem;
      }
      .choices label {
        align-items: center;
        display: flex;
        gap: 0.4rem;
        min-height: var(--target);
      }
      .choices input {
        height: 1.15rem;
        min-height: 0;
        width: 1.15rem;
      }
      .tools {
        justify-content: space-between;
        margin-block: 0.75rem 0.25rem;
      }
    `,
  ];

  @property({ attribute: false }) table!: TableAnswer;
  @query("filter-bar") private filterBar!: HTMLElement | null;
  private readonly view = new ViewController(this);
  private readonly session = new SessionController(this);
  private readonly rows = new Loaded<TablePageAnswer>(this, {
    about: () =>
      this.session.isSignedIn ? JSON.stringify([this.path, this.asked]) : null,
    ask: (signal) => api.get(this.path, this.asked, signal),
  });

  private get path(): string {
    return `api/tables/${segment(this.table.name)}`;
  }

  private get asked() {
    return tableQuery(tableView(this.view.view));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("keydown", this.toFilter);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("keydown", this.toFilter);
  }

  override render() {
    const { table } = this;
    const shown = tableView(this.view.view);
    return html`<panel-card heading=${table.name}>
      <span slot="aside" class="small soft">${table.description}</span>
      <filter-bar
        .columns=${table.columns}
        .filters=${shown.filters}
        @filter-add=${({ detail }: CustomEvent<Filter>) =>
          this.change({ [filterKey(detail)]: detail.value })}
        @filter-remove=${({ detail }: CustomEvent<Filter>) =>
          this.change({ [filterKey(detail)]: null })}
      ></filter-bar>
      ${this.columnChoice(shown.columns)}
      ${whenLoaded(this.rows, (page) => this.content(page, shown.limit, shown.cursor))}
    </panel-card>`;
  }

  private columnChoice(chosen: readonly string[] | null) {
    const all = this.table.columns.map(({ name }) => name);
    const shown = chosen ?? all;
    return html`<details>
      <summary>${texts.tables.columns(shown.length, all.length)}</summary>
      <div class="choices">
        ${all.map(
          (name) =>
            html`<label>
              <input
                type="checkbox"
                .checked=${shown.includes(name)}
                ?disabled=${shown.length === 1 && shown.includes(name)}
                @change=${() => this.toggle(name, all, shown)}
              />
              ${name}
            </label>`,
        )}
      </div>
    </details>`;
  }

  private toggle(name: string, all: readonly string[], shown: readonly string[]): void {
    const wanted = all.filter((one) => shown.includes(one) !== (one === name));
    this.change({ columns: wanted.length === all.length ? null : wanted.join(",") });
  }

  private content(page: TablePageAnswer, limit: number, cursor: string | null) {
    const { tables } = texts;
    const order: Order = {
      by: page.sort_by,
      isDescending: page.sort_order === "desc",
    };
    return html`
      <div class="row tools">
        <p class="small" role="status">${this.counted(page)}</p>
        <div class="row">
          <label class="row small">
            ${tables.limit}
            <select @change=${this.chooseLimit}>
              ${LIMITS.map(
                (one) => html`<option ?selected=${one === limit}>${one}</option>`,
              )}
            </select>
          </label>
          ${this.link("csv", tables.csv)} ${this.link("json", tables.json)}
        </div>
      </div>
      ${
        page.data.length === 0
          ? html`<p>${tables.none}</p>`
          : html`<data-table
              label=${tables.rowsOf(this.table.name)}
              isSorted
              .columns=${this.columns(page)}
              .rows=${page.data}
              .order=${order}
              @order-change=${({ detail }: CustomEvent<Order>) =>
                this.change({ sort: formatOrder(detail) })}
            ></data-table>`
      }
      <page-steps
        .isFirst=${cursor === null}
        .isLast=${page.cursor === null}
        @first=${() => this.view.change({ cursor: null })}
        @next=${() => this.view.change({ cursor: page.cursor })}
      ></page-steps>
      <p class="small soft">${tables.units}</p>
    `;
  }

  private counted({ data, total, total_is_estimate }: TablePageAnswer): string {
    const { tables } = texts;
    const shown = tables.shown(count(data.length));
    if (total === null) return `${shown}; ${tables.filtered}`;
    const all = total_is_estimate ? tables.ofAbout : tables.ofAll;
    return `${shown} ${all(count(total))}`;
  }

  private link(format: "csv" | "json", label: string) {
    const address = api.address(this.path, { ...this.asked, format });
    return html`<a
      class="button"
      href=${address.href}
      download="${this.table.name}.${format}"
      aria-label=${label}
      title=${label}
      >${icon("download", 16)} ${format.toUpperCase()}</a
    >`;
  }

  private columns({ columns }: TablePageAnswer): readonly Column<TableRow>[] {
    const types = new Map(this.table.columns.map(({ name, type }) => [name, type]));
    return columns.map((name) =>
      this.column({ name, type: types.get(name) ?? "text" }),
    );
  }

  private column({ name, type }: TableColumnAnswer): Column<TableRow> {
    return {
      key: name,
      label: name,
      isNumber: type === "number",
      isUnbroken: type === "time" || type === "date",
      show: (row) => cellText(row[name], type, name),
      // the server sorts; this makes the header a button
      value: (row) => String(row[name]),
    };
  }

  /** Changes the view and goes to its first page. */
  private change(changes: Readonly<Record<string, string | null>>): void {
    this.view.change({ ...changes, cursor: null });
  }

  private readonly chooseLimit = (event: Event) => {
    this.change({
      limit: limitText(Number((event.target as HTMLSelectElement).value)),
    });
  };

  private readonly toFilter = (event: KeyboardEvent) => {
    const [target] = event.composedPath();
    const isWriting =
      target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (event.key !== "/" || isWriting || this.filterBar === null) return;
    event.preventDefault();
    this.filterBar.focus();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "table-grid": TableGrid;
  }
}
