/** Whether the reader is signed in, as the server says; the key never stays here. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { ApiClient, api } from "./client";
import { live } from "./live";

/** The server's answer. */
export interface SessionAnswer {
  readonly needs_key: boolean;
  readonly is_signed_in: boolean;
  readonly expires_at: string | null;
}

/** Once a day an answer renews the session. */
const RENEWED_EVERY_MS = 86_400_000;

/** Dispatches "change". */
class Session extends EventTarget {
  /** Null until the server has said. */
  isSignedIn: boolean | null = null;
  /** Whether there is anything to sign out of. */
  needsKey = true;

  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    api.addEventListener(ApiClient.SIGNED_OUT, () => {
      if (this.isSignedIn) void this.ask();
    });
  }

  /** Asks the server, and renews the session. */
  async ask(signal?: AbortSignal): Promise<SessionAnswer> {
    const answer = await api.get<SessionAnswer>("api/session", {}, signal);
    this.take(answer);
    clearTimeout(this.timer);
    const renew = () => void this.ask().catch(() => undefined);
    this.timer = setTimeout(renew, RENEWED_EVERY_MS);
    return answer;
  }

  /** @throws ApiProblem - If the key is wrong, or too many were. */
  async signIn(key: string): Promise<void> {
    this.take(await api.change<SessionAnswer>("POST", "api/session", { key }));
  }

  async signOut(): Promise<void> {
    this.take(await api.change<SessionAnswer>("DELETE", "api/session"));
  }

  private take(answer: SessionAnswer): void {
    this.isSignedIn = answer.is_signed_in;
    this.needsKey = answer.needs_key;
    if (answer.is_signed_in) live.start();
    else live.stop();
    this.dispatchEvent(new Event("change"));
  }
}

/** The one session of the pages. */
export const session = new Session();

/** Updates a component when somebody signs in or out. */
export class SessionController implements ReactiveController {
  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  get isSignedIn(): boolean | null {
    return session.isSignedIn;
  }

  hostConnected(): void {
    session.addEventListener("change", this.update);
    // of a component that comes back, as after signing in, the session may be another
    this.host.requestUpdate();
  }

  hostDisconnected(): void {
    session.removeEventListener("change", this.update);
  }

  private readonly update = () => this.host.requestUpdate();
}
