/** Backups: which there are, and what is being done with them. */

export interface ContentsAnswer {
  readonly schema_version: string;
  readonly total_rows: number;
  readonly oldest_record: string | null;
  readonly newest_record: string | null;
}

export interface BackupAnswer {
  readonly name: string;
  readonly size_bytes: number;
  /** When it was last restored for a trial; null if it never was. */
  readonly verified_at: string | null;
  readonly problem: string | null;
  readonly is_pinned: boolean;
  readonly generations: readonly string[];
  /** Null of one that cannot be read. */
  readonly manifest: {
    readonly created_at: string;
    readonly reason: string;
    readonly server_version: string;
    readonly contents: ContentsAnswer;
  } | null;
}

export interface JobAnswer {
  readonly work: string;
  readonly name: string | null;
  readonly stage: string | null;
  readonly percent: number | null;
  readonly is_running: boolean;
  readonly ended_at: string | null;
  readonly error: string | null;
  readonly safety_copy: string | null;
}

export interface BackupsAnswer {
  readonly backups: readonly BackupAnswer[];
  readonly next_at: string | null;
  readonly job: JobAnswer | null;
}

export interface RestorePreviewAnswer {
  readonly now: ContentsAnswer | null;
  readonly after: ContentsAnswer;
  readonly rows: Readonly<
    Record<string, { readonly now: number; readonly after: number }>
  >;
  readonly settings: Readonly<
    Record<string, { readonly now: string | null; readonly after: string | null }>
  >;
}

/** Returns the path of a backup, or of what can be done with it. */
export function backupPath(name: string, order = ""): string {
  const path = `api/backups/${encodeURIComponent(name)}`;
  return order === "" ? path : `${path}/${order}`;
}

/** Returns the rows of the tables whose number a restore changes. */
export function changedRows({
  rows,
}: RestorePreviewAnswer): readonly { table: string; now: number; after: number }[] {
  return Object.entries(rows)
    .filter(([, { now, after }]) => now !== after)
    .map(([table, { now, after }]) => ({ table, now, after }));
}
