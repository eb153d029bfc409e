/** The server's state, as ``/api/status`` shows it to everybody. */

import type { ReactiveControllerHost } from "lit";
import { api } from "./client";
import { Loaded } from "./loaded";
import { ApiProblem } from "./problem";

export interface RunAnswer {
  readonly id: number;
  readonly source: string;
  readonly status: string;
  readonly started_at: string;
  readonly completed_at: string | null;
  readonly error_message: string | null;
}

export interface SourceAnswer {
  readonly interval_minutes: number;
  readonly is_running: boolean;
  readonly next_tick_at: string | null;
  readonly refused_since: string | null;
  readonly problems: readonly {
    readonly code: string;
    readonly message: string;
    readonly since: string;
  }[];
}

export interface StatusAnswer {
  readonly status: "healthy" | "degraded" | "unhealthy";
  readonly version: string;
  readonly last_import: RunAnswer | null;
  readonly last_successful_import: string | null;
  readonly success_rate_24h: number | null;
  readonly imports_last_24h: number;
  readonly outcomes_24h: Readonly<Record<string, number>>;
  readonly sources: Readonly<Record<string, SourceAnswer>>;
  /** Calls that Amber allows, by its counters. */
  readonly call_budget: Readonly<
    Record<string, { readonly limit: number; readonly remaining: number }>
  >;
  readonly storage: {
    readonly is_working: boolean;
    readonly failing_since: string | null;
    readonly problem: string | null;
  };
  readonly database_stats: {
    readonly total_load_records: number;
    readonly total_substation_records: number;
    readonly total_price_records: number;
    readonly total_usage_records: number;
    readonly database_size_mb: number;
    readonly oldest_record: string | null;
    readonly newest_record: string | null;
  };
}

/** What is known while the store is not open. */
export type UnopenedStatusAnswer = Pick<StatusAnswer, "status" | "version" | "storage">;

/**
 * Returns the answer of a server whose store is open.
 *
 * @throws ApiProblem - If it is not: with the server's sentence on why.
 */
export function openedStatus(
  answer: StatusAnswer | UnopenedStatusAnswer,
): StatusAnswer {
  if ("sources" in answer) return answer;
  throw new ApiProblem("busy", answer.storage.problem ?? answer.status);
}

const IDLE_S = 60;
const RUNNING_S = 2;

/**
 * Returns in how many seconds to ask again: soon while a run is under way. Its event
 * tells that all is stored; a little later the next run may be asked for.
 */
export function statusAgainInS({ sources }: Pick<StatusAnswer, "sources">): number {
  const isRunning = Object.values(sources).some((source) => source.is_running);
  return isRunning ? RUNNING_S : IDLE_S;
}

/** Keeps a component up to date on how collecting goes. */
export function loadedStatus(host: ReactiveControllerHost): Loaded<StatusAnswer> {
  return new Loaded(host, {
    ask: async (signal) =>
      openedStatus(
        await api.get<StatusAnswer | UnopenedStatusAnswer>("api/status", {}, signal),
      ),
    after: ["run_finished"],
    everyS: statusAgainInS,
  });
}
