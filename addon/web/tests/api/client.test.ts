import { describe, expect, test } from "vitest";
import { ApiClient, segment } from "../../src/api/client";
import type { ApiProblem } from "../../src/api/problem";
import { retryInS } from "../../src/api/retry";

const BASE = "http://home.local/api/hassio_ingress/token/";

/** A client of a server that gives one answer, and what it was asked. */
function answering(answer: () => Response) {
  const asked: { url: string; init: RequestInit }[] = [];
  const client = new ApiClient(
    () => BASE,
    async (url, init) => {
      asked.push({ url: url.href, init });
      return answer();
    },
  );
  return { client, asked };
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });

async function problemOf(answer: () => Response): Promise<ApiProblem> {
  const { client } = answering(answer);
  return client.get<never>("api/status").catch((error: ApiProblem) => error);
}

describe("addresses", () => {
  test("stay below where the pages are", async () => {
    const { client, asked } = answering(() => json({}));
    await client.get("api/status");
    expect(asked[0]?.url).toBe(`${BASE}api/status`);
  });

  test("leave out parameters without a value", () => {
    const { client } = answering(() => json({}));
    const address = client.address("api/x", { hours: 24, area: null, end: undefined });
    expect(address.search).toBe("?hours=24");
  });

  test("hold a name as one segment, whatever it is made of", () => {
    expect(segment("a/b?c#<d>\n")).toBe("a%2Fb%3Fc%23%3Cd%3E%0A");
  });
});

describe("answers", () => {
  test("are their JSON", async () => {
    const { client } = answering(() => json({ is: "fine" }));
    expect(await client.get("api/status")).toEqual({ is: "fine" });
  });

  test("without a body are null", async () => {
    const { client } = answering(() => new Response(null, { status: 204 }));
    expect(await client.change("DELETE", "api/session")).toBeNull();
  });

  test("to a change follow what it sent as JSON", async () => {
    const { client, asked } = answering(() => json({}));
    await client.change("POST", "api/session", { key: "k" });
    expect(asked[0]?.init).toMatchObject({ method: "POST", body: '{"key":"k"}' });
  });
});

describe("problems", () => {
  test("tell the server's own sentence, code and parameter", async () => {
    const error = {
      code: "invalid_parameter",
      message: "no such zone",
      parameter: "tz",
    };
    expect(await problemOf(() => json({ error }, 422))).toMatchObject({
      kind: "refused",
      message: "no such zone",
      code: "invalid_parameter",
      parameter: "tz",
      status: 422,
    });
  });

  test("say when to ask again", async () => {
    const problem = await problemOf(() => json({}, 503, { "Retry-After": "30" }));
    expect(problem).toMatchObject({ kind: "busy", retryAfterS: 30 });
  });

  test("of a proxy that answers in HTML are problems of the server's", async () => {
    const problem = await problemOf(() => new Response("<html>", { status: 502 }));
    expect(problem.kind).toBe("unreachable");
  });

  test("of a server that is gone are told as such", async () => {
    const client = new ApiClient(
      () => BASE,
      () => Promise.reject(new TypeError("Failed to fetch")),
    );
    await expect(client.get("api/status")).rejects.toMatchObject({
      kind: "unreachable",
    });
  });

  test("with the key let everybody know who listens", async () => {
    const { client } = answering(() => json({ error: { code: "session_ended" } }, 401));
    let told = 0;
    client.addEventListener(ApiClient.SIGNED_OUT, () => {
      told += 1;
    });
    await expect(client.get("api/sites")).rejects.toMatchObject({ kind: "signed_out" });
    expect(told).toBe(1);
  });

  test("of a question that nobody waits for are none", async () => {
    const abort = new AbortController();
    const client = new ApiClient(
      () => BASE,
      () => {
        abort.abort();
        return Promise.reject(abort.signal.reason);
      },
    );
    const asked = client.get("api/status", {}, abort.signal);
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("trying again", () => {
  test("waits longer each time, up to a minute", () => {
    expect([1, 2, 3, 4, 5, 9].map((failures) => retryInS(failures, null))).toEqual([
      5, 10, 20, 40, 60, 60,
    ]);
  });

  test("waits as long as the server asks", () => {
    expect(retryInS(1, 300)).toBe(300);
    expect(retryInS(4, 1)).toBe(40);
  });
});
