/** How far reading Amber's history has got. */

import type { ReactiveControllerHost } from "lit";
import { api } from "./client";
import { Loaded } from "./loaded";

export interface BackfillAnswer {
  readonly state: string;
  readonly percent: number | null;
  /** Windows are at most seven days each; null without a token, as are the others. */
  readonly windows_done: number | null;
  readonly windows_total: number | null;
  readonly windows_failed: number | null;
  readonly windows_per_minute: number | null;
  readonly rows: number | null;
  readonly updated_at: string | null;
  readonly next_daily_pass_at: string | null;
  readonly waiting_for: string | null;
  readonly waiting_until: string | null;
  readonly time_left_seconds: number | null;
  readonly error: string | null;
  readonly is_running: boolean;
  readonly is_paused: boolean;
  readonly is_queued: boolean;
}

/**
 * Keeps a component up to date on it.
 *
 * @param mayAsk - Whether somebody is signed in.
 */
export function loadedBackfill(
  host: ReactiveControllerHost,
  mayAsk: () => boolean,
): Loaded<BackfillAnswer> {
  return new Loaded(host, {
    about: () => (mayAsk() ? "backfill" : null),
    ask: (signal) => api.get<BackfillAnswer>("api/backfill", {}, signal),
    after: ["backfill_progress"],
  });
}
