/** The server's events, for whoever listens; the stream is opened anew when it ends. */

import { api } from "./client";
import { retryInS } from "./retry";

/** What the server publishes; see its documentation of ``/api/events``. */
export const EVENT_KINDS = [
  "run_finished",
  "new_price",
  "confirmed_price",
  "spike_started",
  "spike_ended",
  "backfill_progress",
  "backup_progress",
  "peak_watch",
  "peak_outlook",
  "substation_health",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** How the stream is. */
export type LiveState = "off" | "connecting" | "open" | "lost";

/**
 * Dispatches an event of each kind with the server's JSON as `data`, "state" when the
 * stream's state changes, and "resumed" when it is back and something may have been
 * missed.
 */
export class Live extends EventTarget {
  state: LiveState = "off";
  /** Since when it is lost (milliseconds). */
  lostSince: number | undefined;
  /** When it is tried again. */
  nextTryAt: number | undefined;

  private source: EventSource | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;

  /** @param open - Opens the stream. */
  constructor(
    private readonly open: () => EventSource = () =>
      new EventSource(api.address("api/events")),
  ) {
    super();
  }

  /** Listens from now on. */
  start(): void {
    if (this.source !== undefined) return;
    clearTimeout(this.timer);
    const source = this.open();
    this.source = source;
    this.enter(this.state === "lost" ? "lost" : "connecting");
    source.addEventListener("open", () => {
      const wasLost = this.state === "lost";
      this.failures = 0;
      this.lostSince = undefined;
      this.nextTryAt = undefined;
      this.enter("open");
      if (wasLost) this.dispatchEvent(new Event("resumed"));
    });
    source.addEventListener("error", () => this.lose());
    for (const kind of EVENT_KINDS) {
      source.addEventListener(kind, (event) => {
        this.dispatchEvent(new MessageEvent(kind, { data: JSON.parse(event.data) }));
      });
    }
  }

  /** Listens no more. */
  stop(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
    this.lostSince = undefined;
    this.nextTryAt = undefined;
    this.enter("off");
  }

  private lose(): void {
    // an EventSource gives up at an error status: one rule for every loss
    this.source?.close();
    this.source = undefined;
    this.failures += 1;
    this.lostSince ??= Date.now();
    const inMs = retryInS(this.failures, null) * 1000;
    this.nextTryAt = Date.now() + inMs;
    this.timer = setTimeout(() => this.start(), inMs);
    this.enter("lost");
  }

  private enter(state: LiveState): void {
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}

/** The one stream of the pages. */
export const live = new Live();
