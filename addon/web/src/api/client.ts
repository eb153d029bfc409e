/** Asks the server that the pages came from. */

import { ApiProblem, problemIn } from "./problem";

/** Parameters of a question; those without a value are left out. */
export type Query = Readonly<
  Record<string, string | number | boolean | null | undefined>
>;

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
  get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return this.ask<T>("GET", path, query, undefined, signal);
  }

  /** Changes something; as `get`. */
  change<T>(
    method: "POST" | "PUT" | "DELETE",
    path: string,
    body?: unknown,
    query: Query = {},
  ): Promise<T> {
    return this.ask<T>(method, path, query, body);
  }

  private async ask<T>(
    method: string,
    path: string,
    query: Query,
    body: unknown,
    signal?: AbortSignal,
  ): Promise<T> {
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
    if (response.ok) return answer as T;
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
