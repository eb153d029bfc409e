/** Asks the server that the pages came from. */

import { cursorIn } from "./cursor";
import { ApiProblem, problemIn } from "./problem";

/** Parameters of a question; those without a value are left out. */
export type Query = Readonly<
  Record<string, string | number | boolean | null | undefined>
>;

/** A page of a list, and what asks for the next one. */
export interface Page<T> {
  readonly answer: T;
  /** Value of the parameter `cursor`; null on the last page. */
  readonly next: string | null;
}

type Fetch = (input: URL, init: RequestInit) => Promise<Response>;

/** Puts questions and tells who listens when the server asks for the key. */
export class ApiClient extends EventTarget {
  static readonly SIGNED_OUT = "signed-out";

  /**
   * @param base - Where the pages are; all addresses are relative to it.
   * @param send - Sends a request, as `fetch` does.
   */
  constructor(
    private readonly base: () => string,
    private readonly send: Fetch = (input, init) => fetch(input, init),
  ) {
    super();
  }

  /** Returns the full address of an operation, for links and event streams. */
  address(path: string, query: Query = {}): URL {
    const address = new URL(path, this.base());
    for (const [name, value] of Object.entries(query)) {
      if (value !== null && value !== undefined && value !== "") {
        address.searchParams.set(name, String(value));
      }
    }
    return address;
  }

  /**
   * Returns an answer's JSON.
   *
   * @param path - Relative, such as `api/status`; names in it by `segment`.
   * @throws ApiProblem - If there is no answer, or it is an error.
   */
  async get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return (await this.ask<T>("GET", path, query, undefined, signal)).answer;
  }

  /** Returns a page of a list; as `get`. */
  page<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Page<T>> {
    return this.ask<T>("GET", path, query, undefined, signal);
  }

  /** Changes something; as `get`. */
  async change<T>(
    method: "POST" | "PUT" | "DELETE",
    path: string,
    body?: unknown,
    query: Query = {},
  ): Promise<T> {
    return (await this.ask<T>(method, path, query, body)).answer;
  }

  private async ask<T>(
    method: string,
    path: string,
    query: Query,
    body: unknown,
    signal?: AbortSignal,
  ): Promise<Page<T>> {
    const init: RequestInit = { method, headers: { Accept: "application/json" } };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { ...init.headers, "Content-Type": "application/json" };
    }
    if (signal !== undefined) init.signal = signal;
    let response: Response;
    let answer: unknown;
    try {
      response = await this.send(this.address(path, query), init);
      const text = await response.text();
      answer = text === "" ? null : JSON.parse(text);
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ApiProblem("unreachable", String(error));
    }
    if (response.ok) {
      return { answer: answer as T, next: cursorIn(response.headers.get("Link")) };
    }
    const problem = problemIn(
      response.status,
      answer,
      response.headers.get("Retry-After"),
    );
    if (problem.kind === "signed_out") {
      this.dispatchEvent(new Event(ApiClient.SIGNED_OUT));
    }
    throw problem;
  }
}

/** Returns a name as one segment of a path. */
export function segment(name: string | number): string {
  return encodeURIComponent(String(name));
}

/** The one client of the pages. */
export const api = new ApiClient(() => document.baseURI);
