import type { ReactiveController } from "lit";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { live } from "../../src/api/live";
import { Loaded, type Loading } from "../../src/api/loaded";
import { ApiProblem } from "../../src/api/problem";

/** A component that updates when it is told to, and only counts requests to. */
class Host {
  controller: ReactiveController | undefined;
  requests = 0;
  addController(controller: ReactiveController) {
    this.controller = controller;
  }
  removeController() {}
  requestUpdate() {
    this.requests += 1;
  }
  readonly updateComplete = Promise.resolve(true);
}

/** Questions that a test answers. */
function asking(more: Partial<Loading<string>> = {}) {
  const asked: {
    answer: (value: string) => void;
    fail: (problem: ApiProblem) => void;
    signal: AbortSignal;
  }[] = [];
  const host = new Host();
  const loaded = new Loaded<string>(host, {
    ask: (signal) =>
      new Promise((answer, fail) => {
        asked.push({ answer, fail, signal });
      }),
    ...more,
  });
  loaded.hostConnected();
  loaded.hostUpdate();
  return { asked, loaded };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-01-04T09:09:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("an answer", () => {
  test("is asked for when its component appears, and kept", async () => {
    const { asked, loaded } = asking();
    expect(loaded.isBusy).toBe(true);
    asked[0]?.answer("fine");
    await settle();
    expect(loaded).toMatchObject({ value: "fine", isBusy: false, problem: undefined });
  });

  test("to a question of before is not taken for one to the present one", async () => {
    let area = "OZEC";
    const { asked, loaded } = asking({ about: () => area });
    area = "BAEC";
    loaded.hostUpdate();
    asked[0]?.answer("of OZEC");
    asked[1]?.answer("of BAEC");
    await settle();
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(loaded.value).toBe("of BAEC");
  });

  test("is dropped when nothing is asked any more", async () => {
    let about: string | null = "household";
    const { asked, loaded } = asking({ about: () => about });
    asked[0]?.answer("secret");
    await settle();
    about = null;
    loaded.hostUpdate();
    expect(loaded.value).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  test("is asked for again after an event, and in its time", async () => {
    const { asked, loaded } = asking({ after: ["run_finished"], everyS: 60 });
    asked[0]?.answer("first");
    await settle();
    live.dispatchEvent(new Event("run_finished"));
    expect(asked).toHaveLength(2);
    asked[1]?.answer("second");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(3);
    loaded.hostDisconnected();
    live.dispatchEvent(new Event("run_finished"));
    expect(asked).toHaveLength(3);
  });
});

describe("a failure", () => {
  const gone = new ApiProblem("unreachable", "gone");

  test("keeps the value, and says since when and when it is tried again", async () => {
    const { asked, loaded } = asking();
    asked[0]?.answer("old");
    await settle();
    const failedAt = Date.now();
    loaded.reload();
    asked[1]?.fail(gone);
    await settle();
    expect(loaded).toMatchObject({
      value: "old",
      problem: gone,
      failingSince: failedAt,
      nextTryAt: failedAt + 5000,
    });
  });

  test("is repeated until it succeeds, and then forgotten", async () => {
    const { asked, loaded } = asking();
    asked[0]?.fail(gone);
    await vi.advanceTimersByTimeAsync(5000);
    asked[1]?.fail(gone);
    await vi.advanceTimersByTimeAsync(10_000);
    asked[2]?.answer("back");
    await settle();
    expect(loaded).toMatchObject({
      value: "back",
      problem: undefined,
      failingSince: undefined,
      nextTryAt: undefined,
    });
  });

  test.each(["refused", "signed_out"] as const)("that is %s is final", async (kind) => {
    const { asked, loaded } = asking();
    asked[0]?.fail(new ApiProblem(kind, "no"));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toHaveLength(1);
    expect(loaded.nextTryAt).toBeUndefined();
  });
});
