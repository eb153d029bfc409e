/** What is stored, row by row; read only. */

import { css, html, LitElement } from "lit";
import { customElement } from "lit/decorators.js";
import { api } from "../../api/client";
import { Loaded } from "../../api/loaded";
import { SessionController } from "../../api/session";
import type { TableAnswer, TablesAnswer } from "../../api/tables";
import { count } from "../../format/numbers";
import { whenLoaded } from "../../parts/answer_state";
import "../../parts/notice_box";
import { addressOf, ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import "./table_grid";
import { tableView } from "./table_view";

@customElement("tables-page")
export class TablesPage extends LitElement {
  static override styles = [
    shared,
    css`
      .cards {
        display: grid;
        gap: 0.5rem;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr));
        margin-bottom: var(--gap);
      }
      .cards a {
        background: var(--card);
        border: 1px solid var(--line);
        border-radius: var(--round-small);
        color: var(--ink);
        display: grid;
        gap: 0.1rem;
        grid-template-rows: auto 1fr auto;
        height: 100%;
        padding: 0.6rem 0.8rem;
        text-decoration: none;
      }
      .cards a:hover {
        border-color: var(--line-strong);
      }
      .cards a[aria-current="true"] {
        border-color: var(--accent);
        box-shadow: inset 0 0 0 1px var(--accent);
      }
      .cards strong {
        overflow-wrap: anywhere;
      }
      @media (max-width: 40rem) {
        .cards {
          grid-auto-columns: 12.5rem;
          grid-auto-flow: column;
          grid-template-columns: none;
          overflow-x: auto;
          padding: 2px;
        }
      }
    `,
  ];

  private readonly view = new ViewController(this);
  private readonly session = new SessionController(this);
  private readonly tables = new Loaded<TablesAnswer>(this, {
    about: () => (this.session.isSignedIn ? "tables" : null),
    ask: (signal) => api.get("api/tables", {}, signal),
    after: ["run_finished"],
  });

  override render() {
    return whenLoaded(this.tables, ({ tables }) => this.content(tables));
  }

  private content(tables: readonly TableAnswer[]) {
    const { table: name } = tableView(this.view.view);
    const chosen = name === "" ? tables[0] : tables.find((one) => one.name === name);
    return html`
      <nav aria-label=${texts.tables.list}>
        <ul class="cards" tabindex="0">
          ${tables.map((table) => this.card(table, table === chosen))}
        </ul>
      </nav>
      ${
        chosen === undefined
          ? html`<notice-box kind="warn">${texts.tables.unknown(name)}</notice-box>`
          : html`<table-grid .table=${chosen}></table-grid>`
      }
    `;
  }

  private card(
    { name, description, count: rows, count_is_estimate }: TableAnswer,
    isChosen: boolean,
  ) {
    const rowsText = count_is_estimate ? texts.tables.about : texts.tables.rows;
    return html`<li>
      <a href=${addressOf("tables", { table: name })} aria-current=${isChosen}>
        <strong>${name}</strong>
        <span class="small soft">${description}</span>
        <span class="small">${rowsText(count(rows))}</span>
      </a>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tables-page": TablesPage;
  }
}
