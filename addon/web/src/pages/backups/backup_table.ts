/** The backups that there are, and what can be done with each. */

import { html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type BackupAnswer, backupPath } from "../../api/backups";
import { api } from "../../api/client";
import { count, decimal, UNKNOWN } from "../../format/numbers";
import { instant } from "../../format/times";
import { shared } from "../../styles/shared";
import type { Column } from "../../table/columns";
import "../../table/data_table";
import { texts } from "../../texts/texts";
import { browserZone } from "../../time/zones";

const BYTES_PER_MB = 1_000_000;

/** What is to be done with a backup. */
export interface BackupOrder {
  readonly what: "restore" | "verify" | "pin" | "unpin" | "delete";
  readonly backup: BackupAnswer;
}

/** Returns what a backup is kept for, in words. */
export function keptFor({ is_pinned, generations, problem }: BackupAnswer): string {
  const { backups } = texts;
  const reasons = [
    ...(is_pinned ? [backups.pinned] : []),
    ...generations.map((one) => backups.generations[one] ?? one),
  ];
  if (reasons.length === 0) return problem === null ? backups.notKept : UNKNOWN;
  return reasons.join(", ");
}

/**
 * @fires order - Something is to be done; `detail` is a `BackupOrder`.
 */
@customElement("backup-table")
export class BackupTable extends LitElement {
  static override styles = shared;

  @property({ attribute: false }) backups: readonly BackupAnswer[] = [];
  /** Whether work is under way: only one thing is done at a time. */
  @property({ attribute: false }) isBusy = false;

  override render() {
    return html`<data-table
      label=${texts.backups.heading}
      .columns=${this.columns()}
      .rows=${this.backups}
    ></data-table>`;
  }

  private columns(): readonly Column<BackupAnswer>[] {
    const { backups } = texts;
    const { columns } = backups;
    return [
      { key: "made", label: columns.made, show: (backup) => this.made(backup) },
      {
        key: "size",
        label: columns.size,
        isNumber: true,
        isUnbroken: true,
        show: ({ size_bytes }) =>
          backups.megabytes(decimal(size_bytes / BYTES_PER_MB, 1)),
      },
      {
        key: "rows",
        label: columns.rows,
        isNumber: true,
        show: ({ manifest }) =>
          manifest === null ? UNKNOWN : count(manifest.contents.total_rows),
      },
      { key: "kept", label: columns.keptFor, show: keptFor },
      {
        key: "verified",
        label: columns.verified,
        show: ({ problem, verified_at }) => {
          if (problem !== null) return backups.bad(problem);
          if (verified_at === null) return backups.untried;
          return backups.good(instant(Date.parse(verified_at), browserZone(), "both"));
        },
      },
      {
        key: "actions",
        label: columns.actions,
        show: (backup) => this.actions(backup),
      },
    ];
  }

  private made({ manifest, name }: BackupAnswer) {
    const { backups } = texts;
    if (manifest === null) return html`${name} <span>${backups.unreadable}</span>`;
    return html`${instant(Date.parse(manifest.created_at), browserZone(), "both")}
      <span class="small soft">${backups.reasons[manifest.reason] ?? ""}</span>`;
  }

  private actions(backup: BackupAnswer) {
    const { backups } = texts;
    const isBad = backup.problem !== null;
    return html`<div class="row">
      ${this.button(backup, "restore", backups.restore, isBad)}
      ${this.button(backup, "verify", backups.verify, backup.manifest === null)}
      <a
        class="button"
        href=${api.address(backupPath(backup.name)).href}
        download=${backup.name}
        aria-label=${backups.of(backups.download, backup.name)}
        >${backups.download}</a
      >
      ${
        backup.is_pinned
          ? this.button(backup, "unpin", backups.unpin)
          : this.button(backup, "pin", backups.pin)
      }
      ${this.button(backup, "delete", backups.delete)}
    </div>`;
  }

  private button(
    backup: BackupAnswer,
    what: BackupOrder["what"],
    label: string,
    isOff = false,
  ) {
    return html`<button
      aria-label=${texts.backups.of(label, backup.name)}
      ?disabled=${this.isBusy || isOff}
      @click=${() =>
        this.dispatchEvent(
          new CustomEvent<BackupOrder>("order", { detail: { what, backup } }),
        )}
    >
      ${label}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "backup-table": BackupTable;
  }
}
