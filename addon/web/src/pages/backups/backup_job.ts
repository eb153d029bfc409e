/** What is being done with backups, and how the last work ended. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { JobAnswer } from "../../api/backups";
import { percent } from "../../format/numbers";
import "../../parts/level_meter";
import "../../parts/notice_box";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";

@customElement("backup-job")
export class BackupJob extends LitElement {
  static override styles = [
    shared,
    css`
      level-meter {
        margin-block: 0.5rem;
      }
    `,
  ];

  @property({ attribute: false }) job: JobAnswer | null = null;

  override render() {
    const { job } = this;
    if (job === null) return nothing;
    if (job.is_running) return this.progress(job);
    const { backups } = texts;
    if (job.error !== null) {
      return html`<notice-box kind="bad"
        >${backups.failed(job.error.replace(/\.$/, ""))}</notice-box
      >`;
    }
    return job.safety_copy === null
      ? nothing
      : html`<notice-box kind="good">${backups.restored(job.safety_copy)}</notice-box>`;
  }

  private progress({ work, stage, percent: done }: JobAnswer) {
    const { backups } = texts;
    const name = backups.works[work] ?? work;
    const share = (done ?? 0) / 100;
    return html`<p role="status">
        ${
          stage === null
            ? backups.begun(name)
            : backups.stage(name, backups.stages[stage] ?? stage)
        }
      </p>
      <level-meter label=${name} text=${percent(share)} .share=${share}></level-meter>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "backup-job": BackupJob;
  }
}
