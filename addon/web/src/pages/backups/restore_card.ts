/** What restoring a backup would change, and doing it. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import {
  backupPath,
  type ContentsAnswer,
  changedRows,
  type JobAnswer,
  type RestorePreviewAnswer,
} from "../../api/backups";
import { api } from "../../api/client";
import { Loaded } from "../../api/loaded";
import { ApiProblem } from "../../api/problem";
import { count } from "../../format/numbers";
import { instant } from "../../format/times";
import { problemSentence, whenLoaded } from "../../parts/answer_state";
import "../../parts/notice_box";
import "../../parts/panel_card";
import { shared } from "../../styles/shared";
import "../../table/data_table";
import { texts } from "../../texts/texts";
import { browserZone } from "../../time/zones";

interface SettingRow {
  readonly name: string;
  readonly now: string | null;
  readonly after: string | null;
}

/**
 * @fires leave - Nothing is to be restored.
 * @fires begun - The restore has begun.
 */
@customElement("restore-card")
export class RestoreCard extends LitElement {
  static override styles = [
    shared,
    css`
      dl {
        display: grid;
        gap: 0.6rem 1.5rem;
        grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr));
        margin-block: 0.75rem;
      }
      dd {
        font-weight: 600;
      }
      h3 {
        margin-top: 0.75rem;
      }
      .row {
        margin-top: 0.75rem;
      }
    `,
  ];

  /** Of the backup's file. */
  @property() name = "";
  /** When it was made, as the reader writes it. */
  @property() made = "";
  @state() private isBusy = false;
  @state() private problem: string | undefined;
  private readonly preview = new Loaded<RestorePreviewAnswer>(this, {
    about: () => this.name,
    ask: (signal) => api.get(backupPath(this.name, "preview"), {}, signal),
  });

  override render() {
    const { preview } = texts.backups;
    return html`<panel-card heading=${preview.heading(this.made)}>
      <p>${preview.what}</p>
      ${whenLoaded(this.preview, (answer) => this.changes(answer))}
      ${
        this.problem === undefined
          ? nothing
          : html`<notice-box kind="bad">${this.problem}</notice-box>`
      }
      <div class="row">
        <button
          class="primary"
          ?disabled=${this.isBusy || this.preview.value === undefined}
          @click=${this.restore}
        >
          ${preview.confirm}
        </button>
        <button @click=${() => this.dispatchEvent(new Event("leave"))}>
          ${preview.cancel}
        </button>
      </div>
    </panel-card>`;
  }

  private changes(answer: RestorePreviewAnswer) {
    const { preview } = texts.backups;
    return html`<dl>
        ${this.span(preview.now, answer.now)} ${this.span(preview.after, answer.after)}
      </dl>
      ${this.rows(answer)} ${this.settings(answer)}`;
  }

  private span(name: string, contents: ContentsAnswer | null) {
    const { preview } = texts.backups;
    const { oldest_record: from, newest_record: to } = contents ?? {};
    const zone = browserZone();
    return html`<div>
      <dt class="small soft">${name}</dt>
      <dd>
        ${
          from && to
            ? preview.span(
                instant(Date.parse(from), zone, "both"),
                instant(Date.parse(to), zone, "both"),
              )
            : preview.nothing
        }
      </dd>
    </div>`;
  }

  private rows(answer: RestorePreviewAnswer) {
    const { preview } = texts.backups;
    const rows = changedRows(answer);
    if (rows.length === 0) return html`<p>${preview.sameRows}</p>`;
    return html`<h3>${preview.rows}</h3>
      <data-table
        label=${preview.rows}
        .columns=${[
          {
            key: "table",
            label: preview.table,
            show: ({ table }: (typeof rows)[0]) => table,
          },
          {
            key: "now",
            label: preview.now,
            isNumber: true,
            show: ({ now }: (typeof rows)[0]) => count(now),
          },
          {
            key: "after",
            label: preview.after,
            isNumber: true,
            show: ({ after }: (typeof rows)[0]) => count(after),
          },
        ]}
        .rows=${rows}
      ></data-table>`;
  }

  private settings({ settings }: RestorePreviewAnswer) {
    const { preview } = texts.backups;
    const rows: readonly SettingRow[] = Object.entries(settings).map(
      ([name, { now, after }]) => ({ name, now, after }),
    );
    if (rows.length === 0) return html`<p>${preview.sameSettings}</p>`;
    return html`<h3>${preview.settings}</h3>
      <data-table
        label=${preview.settings}
        .columns=${[
          {
            key: "name",
            label: preview.setting,
            show: ({ name }: SettingRow) => name,
          },
          {
            key: "now",
            label: preview.now,
            show: ({ now }: SettingRow) => now ?? preview.unset,
          },
          {
            key: "after",
            label: preview.after,
            show: ({ after }: SettingRow) => after ?? preview.unset,
          },
        ]}
        .rows=${rows}
      ></data-table>`;
  }

  private readonly restore = async () => {
    this.isBusy = true;
    this.problem = undefined;
    try {
      await api.change<JobAnswer>("POST", backupPath(this.name, "restore"));
      this.dispatchEvent(new Event("begun"));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = problemSentence(error);
    } finally {
      this.isBusy = false;
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "restore-card": RestoreCard;
  }
}
