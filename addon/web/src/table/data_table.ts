/** A table that can be sorted by its headers. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { icon } from "../parts/icon";
import { shared } from "../styles/shared";
import { texts } from "../texts/texts";
import { type Column, type Order, sorted } from "./columns";

function kindOf({ isNumber, isUnbroken }: Column<never>): string {
  if (isNumber) return "number";
  return isUnbroken ? "unbroken" : "";
}

/**
 * @fires order-change - Another order was chosen; `detail` is an `Order`.
 */
@customElement("data-table")
export class DataTable<Row> extends LitElement {
  static override styles = [
    shared,
    css`
      .frame {
        max-width: 100%;
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        width: 100%;
      }
      th,
      td {
        border-bottom: 1px solid var(--line);
        padding: 0.45rem 0.75rem;
        text-align: start;
        vertical-align: top;
      }
      thead th {
        border-bottom-color: var(--line-strong);
        padding-block: 0;
        white-space: nowrap;
      }
      .number {
        text-align: end;
        white-space: nowrap;
      }
      .unbroken {
        white-space: nowrap;
      }
      td:not(.number) {
        max-width: 24rem;
        min-width: 6rem;
        overflow-wrap: anywhere;
      }
      td > a {
        display: block;
        padding-block: 0.1rem;
      }
      @media (max-width: 30rem) {
        th,
        td {
          padding-inline: 0.35rem;
        }
        thead th {
          white-space: normal;
        }
      }
      th button {
        background: none;
        border: 0;
        font-size: var(--text-small);
        font-weight: 650;
        gap: 0.2rem;
        margin-inline: -0.5rem;
        padding-inline: 0.5rem;
      }
      th span {
        display: inline-block;
        font-size: var(--text-small);
        padding-block: 0.7rem;
      }
      tbody tr:hover {
        background: var(--sunken);
      }
    `,
  ];

  /** What the table is, for those who do not see where it stands. */
  @property() label = "";
  @property({ attribute: false }) columns: readonly Column<Row>[] = [];
  @property({ attribute: false }) rows: readonly Row[] = [];
  /** Null leaves rows as they come. */
  @property({ attribute: false }) order: Order | null = null;
  /** Whether rows come in order already, from the server. */
  @property({ type: Boolean }) isSorted = false;

  override render() {
    const rows = this.isSorted
      ? this.rows
      : sorted(this.rows, this.columns, this.order);
    return html`
      <div class="frame" role="region" aria-label=${this.label} tabindex="0">
        <table>
          <thead>
            <tr>
              ${this.columns.map((column) => this.header(column))}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) => html`<tr>
                ${this.columns.map(
                  (column) =>
                    html`<td class=${kindOf(column)}>
                      ${column.show(row)}
                    </td>`,
                )}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${rows.length === 0 ? html`<p class="soft">${texts.table.empty}</p>` : nothing}
    `;
  }

  private header(column: Column<Row>) {
    const isBy = this.order?.by === column.key;
    const sort = isBy && (this.order?.isDescending ? "descending" : "ascending");
    return html`<th
      scope="col"
      class=${column.isNumber ? "number" : ""}
      aria-sort=${sort || nothing}
    >
      ${
        column.value === undefined
          ? html`<span>${column.label}</span>`
          : html`<button
              title=${texts.table.sortBy(column.label)}
              @click=${() => this.sortBy(column)}
            >
              ${column.label}
              ${sort ? icon(sort === "descending" ? "down" : "up", 14) : nothing}
            </button>`
      }
    </th>`;
  }

  private sortBy({ key, isNumber }: Column<Row>): void {
    const isBy = this.order?.by === key;
    // numbers from the largest, words from the first
    const isDescending = isBy ? !this.order?.isDescending : isNumber === true;
    this.order = { by: key, isDescending };
    this.dispatchEvent(new CustomEvent<Order>("order-change", { detail: this.order }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "data-table": DataTable<unknown>;
  }
}
