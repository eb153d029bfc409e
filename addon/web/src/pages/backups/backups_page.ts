/** Is what is stored safe? Making backups, trying them, and going back to one. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { type BackupAnswer, type BackupsAnswer, backupPath } from "../../api/backups";
import { api } from "../../api/client";
import { Loaded } from "../../api/loaded";
import { ApiProblem } from "../../api/problem";
import { SessionController } from "../../api/session";
import { instant, zoneLabel } from "../../format/times";
import { problemSentence, whenLoaded } from "../../parts/answer_state";
import "../../parts/notice_box";
import "../../parts/panel_card";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { browserZone } from "../../time/zones";
import "./backup_job";
import "./backup_table";
import type { BackupOrder } from "./backup_table";
import "./restore_card";

/** How often the list is read again while something is done, in seconds. */
const AGAIN_S = 30;

@customElement("backups-page")
export class BackupsPage extends LitElement {
  static override styles = [
    shared,
    css`
      .cards {
        display: grid;
        gap: var(--gap);
        grid-template-columns: minmax(0, 1fr);
      }
      .row {
        margin-block: 0.75rem;
      }
    `,
  ];

  @state() private asked: BackupOrder | undefined;
  @state() private isBusy = false;
  @state() private problem: string | undefined;
  @state() private isRestoring = false;
  private readonly session = new SessionController(this);
  private readonly backups = new Loaded<BackupsAnswer>(this, {
    about: () => (this.session.isSignedIn ? "backups" : null),
    ask: async (signal) => {
      const answer = await api.get<BackupsAnswer>("api/backups", {}, signal);
      this.isRestoring = false;
      return answer;
    },
    after: ["backup_progress"],
    everyS: AGAIN_S,
  });

  override render() {
    if (!this.session.isSignedIn) return nothing;
    const { backups } = texts;
    return html`<div class="cards">
      ${this.asked === undefined ? nothing : this.question(this.asked)}
      <panel-card heading=${backups.heading}>
        <span slot="aside" class="small soft"
          >${backups.times(zoneLabel(browserZone()))}</span
        >
        <p class="small soft">${backups.what}</p>
        ${
          this.isRestoring
            ? html`<notice-box>${backups.preview.under_way}</notice-box>`
            : nothing
        }
        ${
          this.problem === undefined
            ? nothing
            : html`<notice-box kind="bad">${this.problem}</notice-box>`
        }
        ${whenLoaded(this.backups, (answer) => this.content(answer))}
      </panel-card>
    </div>`;
  }

  private content(answer: BackupsAnswer) {
    const { backups } = texts;
    const isBusy = this.isBusy || (answer.job?.is_running ?? false);
    return html`<backup-job .job=${answer.job}></backup-job>
      <div class="row">
        <button
          class="primary"
          ?disabled=${isBusy}
          @click=${() => this.change("POST", "api/backups")}
        >
          ${backups.create}
        </button>
        <span class="small soft">
          ${
            answer.next_at === null
              ? backups.never
              : backups.next(instant(Date.parse(answer.next_at), browserZone(), "both"))
          }
        </span>
      </div>
      ${
        answer.backups.length === 0
          ? html`<p>${backups.none}</p>`
          : html`<backup-table
              .backups=${answer.backups}
              .isBusy=${isBusy}
              @order=${(event: CustomEvent<BackupOrder>) => this.take(event.detail)}
            ></backup-table>`
      }`;
  }

  private take(order: BackupOrder): void {
    if (order.what === "restore" || order.what === "delete") {
      this.asked = order;
      return;
    }
    void this.change("POST", backupPath(order.backup.name, order.what));
  }

  private question({ what, backup }: BackupOrder) {
    const { backups } = texts;
    const made = madeAt(backup);
    const leave = () => {
      this.asked = undefined;
    };
    if (what === "restore") {
      return html`<restore-card
        name=${backup.name}
        made=${made}
        @leave=${leave}
        @begun=${() => {
          leave();
          this.isRestoring = true;
          this.backups.reload();
        }}
      ></restore-card>`;
    }
    return html`<notice-box>
      ${backups.deleteThis(made)}
      <button slot="action" @click=${leave}>${backups.keep}</button>
      <button
        slot="action"
        @click=${() => {
          leave();
          void this.change("DELETE", backupPath(backup.name));
        }}
      >
        ${backups.deleteNow}
      </button>
    </notice-box>`;
  }

  private async change(method: "POST" | "DELETE", path: string): Promise<void> {
    this.isBusy = true;
    this.problem = undefined;
    try {
      await api.change(method, path);
      this.backups.reload();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = problemSentence(error);
    } finally {
      this.isBusy = false;
    }
  }
}

/** Returns when a backup was made, or its name if that cannot be read. */
function madeAt({ manifest, name }: BackupAnswer): string {
  return manifest === null
    ? name
    : instant(Date.parse(manifest.created_at), browserZone(), "both");
}

declare global {
  interface HTMLElementTagNameMap {
    "backups-page": BackupsPage;
  }
}
