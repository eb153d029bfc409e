/** The conditions that rows meet: taken away one by one, and added. */

import { css, html, LitElement } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { TableColumnAnswer } from "../../api/tables";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { type Filter, filterKey, type Operator, operatorsOf } from "./table_view";

/**
 * @fires filter-add - `detail` is the new `Filter`.
 * @fires filter-remove - `detail` is the one to be taken away.
 */
@customElement("filter-bar")
export class FilterBar extends LitElement {
  static override styles = [
    shared,
    css`
      form {
        align-items: end;
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        margin-top: 0.5rem;
      }
      label {
        display: grid;
        flex: 1 1 9rem;
        font-size: var(--text-small);
        gap: 0.15rem;
        max-width: 18rem;
        min-width: 0;
      }
      select,
      input {
        width: 100%;
      }
      .present button {
        border-radius: 1.5rem;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) columns: readonly TableColumnAnswer[] = [];
  @property({ attribute: false }) filters: readonly Filter[] = [];
  @state() private column = "";
  @state() private operator: Operator = "exact";
  @query("#value") private value!: HTMLInputElement | HTMLSelectElement;

  private get chosen(): TableColumnAnswer | undefined {
    return this.columns.find(({ name }) => name === this.column) ?? this.columns[0];
  }

  override render() {
    const { tables } = texts;
    const { chosen } = this;
    if (chosen === undefined) return html``;
    const operators = operatorsOf(chosen.type);
    const operator = operators.find((one) => one === this.operator) ?? "exact";
    return html`
      <div class="row present">
        ${
          this.filters.length === 0
            ? html`<p class="small soft">${tables.noFilter}</p>`
            : this.filters.map((filter) => this.present(filter))
        }
      </div>
      <form @submit=${(event: SubmitEvent) => this.add(event, chosen.name, operator)}>
        <label>
          ${tables.column}
          <select
            @change=${(event: Event) => {
              this.column = (event.target as HTMLSelectElement).value;
            }}
          >
            ${this.columns.map(
              ({ name }) =>
                html`<option ?selected=${name === chosen.name}>${name}</option>`,
            )}
          </select>
        </label>
        <label>
          ${tables.operator}
          <select
            @change=${(event: Event) => {
              this.operator = (event.target as HTMLSelectElement).value as Operator;
            }}
          >
            ${operators.map(
              (one) =>
                html`<option value=${one} ?selected=${one === operator}>
                  ${tables.operators[one]}
                </option>`,
            )}
          </select>
        </label>
        <label>
          ${tables.value} ${this.field(chosen, operator)}
        </label>
        <button>${tables.add}</button>
      </form>
    `;
  }

  private field({ type }: TableColumnAnswer, operator: Operator) {
    if (operator === "isnull" || type === "bool") {
      return html`<select id="value">
        <option value="true">${texts.tables.yes}</option>
        <option value="false">${texts.tables.no}</option>
      </select>`;
    }
    return html`<input
      id="value"
      required
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      placeholder=${texts.tables.hints[type] ?? ""}
    />`;
  }

  private present(filter: Filter) {
    const { tables } = texts;
    const words = tables.operators[filter.operator] ?? filter.operator;
    const label = tables.filterLabel(filter.column, words, filter.value);
    return html`<button
      data-filter=${filterKey(filter)}
      aria-label=${tables.remove(label)}
      title=${tables.remove(label)}
      @click=${() =>
        this.dispatchEvent(
          new CustomEvent<Filter>("filter-remove", { detail: filter }),
        )}
    >
      ${label} <span aria-hidden="true">×</span>
    </button>`;
  }

  private add(event: SubmitEvent, column: string, operator: Operator): void {
    event.preventDefault();
    const filter: Filter = { column, operator, value: this.value.value.trim() };
    if (this.value instanceof HTMLInputElement) this.value.value = "";
    this.dispatchEvent(new CustomEvent<Filter>("filter-add", { detail: filter }));
  }

  /** Puts the cursor where the value is written. */
  override focus(): void {
    this.value?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "filter-bar": FilterBar;
  }
}
