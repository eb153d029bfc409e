/** What a component shows of the server's answers: loads, keeps, and loads again. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { type EventKind, live } from "./live";
import { ApiProblem } from "./problem";
import { retryInS } from "./retry";

/** How a `Loaded` asks. */
export interface Loading<T> {
  /** Asks; is given a signal that says when nobody wants the answer any more. */
  readonly ask: (signal: AbortSignal) => Promise<T>;
  /**
   * What the question depends on, such as the area shown; when its text changes, the
   * old value is dropped and the question is asked at once. Null asks nothing.
   */
  readonly about?: () => string | null;
  /** Events of the server after which the answer may be another. */
  readonly after?: readonly EventKind[];
  /** Asks again so often, whatever happens, in seconds; may depend on the answer. */
  readonly everyS?: number | ((value: T) => number);
}

/**
 * The last good answer, and what is wrong with getting a newer one.
 *
 * A failed attempt keeps the value; it is repeated until it succeeds, unless the
 * question itself was refused.
 */
export class Loaded<T> implements ReactiveController {
  /** The last good answer to the present question. */
  value: T | undefined;
  /** When it came (milliseconds). */
  loadedAt: number | undefined;
  /** Why there is no newer one. */
  problem: ApiProblem | undefined;
  /** Since when it fails. */
  failingSince: number | undefined;
  /** When it is tried again. */
  nextTryAt: number | undefined;
  /** Whether a question is under way. */
  isBusy = false;

  private about: string | null = null;
  private wasAsked = false;
  private failures = 0;
  private abort: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly loading: Loading<T>,
  ) {
    host.addController(this);
  }

  /** Asks now. */
  reload = (): void => {
    this.stop();
    if (this.about === null) return;
    const abort = new AbortController();
    this.abort = abort;
    this.isBusy = true;
    this.host.requestUpdate();
    this.loading.ask(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) this.succeed(value);
      },
      (error: unknown) => {
        if (!abort.signal.aborted) this.fail(error);
      },
    );
  };

  hostConnected(): void {
    for (const kind of this.loading.after ?? []) {
      live.addEventListener(kind, this.reload);
    }
    live.addEventListener("resumed", this.reload);
    if (this.wasAsked) this.reload();
  }

  hostDisconnected(): void {
    for (const kind of this.loading.after ?? []) {
      live.removeEventListener(kind, this.reload);
    }
    live.removeEventListener("resumed", this.reload);
    this.stop();
  }

  hostUpdate(): void {
    const about = this.loading.about === undefined ? "" : this.loading.about();
    if (this.wasAsked && about === this.about) return;
    this.wasAsked = true;
    this.about = about;
    this.value = undefined;
    this.loadedAt = undefined;
    this.recover();
    this.reload();
  }

  private succeed(value: T): void {
    this.value = value;
    this.loadedAt = Date.now();
    this.recover();
    const { everyS } = this.loading;
    this.settle(typeof everyS === "function" ? everyS(value) : everyS);
  }

  private fail(error: unknown): void {
    this.problem =
      error instanceof ApiProblem
        ? error
        : new ApiProblem("unreachable", String(error));
    this.failingSince ??= Date.now();
    this.failures += 1;
    const isFinal = ["refused", "signed_out"].includes(this.problem.kind);
    this.settle(
      isFinal ? undefined : retryInS(this.failures, this.problem.retryAfterS),
    );
    this.nextTryAt = isFinal ? undefined : this.nextAskAt;
  }

  private nextAskAt: number | undefined;

  private settle(inS: number | undefined): void {
    this.isBusy = false;
    this.nextAskAt = undefined;
    if (inS !== undefined) {
      this.nextAskAt = Date.now() + inS * 1000;
      this.timer = setTimeout(this.reload, inS * 1000);
    }
    this.host.requestUpdate();
  }

  private recover(): void {
    this.problem = undefined;
    this.failingSince = undefined;
    this.nextTryAt = undefined;
    this.failures = 0;
  }

  private stop(): void {
    this.abort?.abort();
    this.abort = undefined;
    this.isBusy = false;
    clearTimeout(this.timer);
  }
}
