import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Live } from "../../src/api/live";

/** A stream whose events a test makes. */
class Stream extends EventTarget {
  isClosed = false;
  close() {
    this.isClosed = true;
  }
}

function started() {
  const streams: Stream[] = [];
  const live = new Live(() => {
    const stream = new Stream();
    streams.push(stream);
    return stream as unknown as EventSource;
  });
  live.start();
  return { live, streams };
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-01-04T09:09:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

test("an event reaches whoever listens for its kind, with its data", () => {
  const { live, streams } = started();
  const told: unknown[] = [];
  live.addEventListener("run_finished", (event) => {
    told.push((event as MessageEvent).data);
  });
  streams[0]?.dispatchEvent(new MessageEvent("run_finished", { data: '{"id": 7}' }));
  expect(told).toEqual([{ id: 7 }]);
});

test("a stream that ends is opened again, later each time", () => {
  const { live, streams } = started();
  streams[0]?.dispatchEvent(new Event("error"));
  expect(live).toMatchObject({ state: "lost", lostSince: Date.now() });
  expect(streams[0]?.isClosed).toBe(true);
  vi.advanceTimersByTime(5000);
  streams[1]?.dispatchEvent(new Event("error"));
  vi.advanceTimersByTime(9000);
  expect(streams).toHaveLength(2);
  vi.advanceTimersByTime(1000);
  expect(streams).toHaveLength(3);
});

test("one that is back says that something may have been missed", () => {
  const { live, streams } = started();
  let resumed = 0;
  live.addEventListener("resumed", () => {
    resumed += 1;
  });
  streams[0]?.dispatchEvent(new Event("open"));
  expect(resumed).toBe(0);
  streams[0]?.dispatchEvent(new Event("error"));
  live.start();
  streams[1]?.dispatchEvent(new Event("open"));
  expect(resumed).toBe(1);
  expect(live).toMatchObject({ state: "open", lostSince: undefined });
});

test("one that nobody wants is not opened again", () => {
  const { live, streams } = started();
  streams[0]?.dispatchEvent(new Event("error"));
  live.stop();
  vi.advanceTimersByTime(60_000);
  expect(streams).toHaveLength(1);
  expect(live).toMatchObject({ state: "off", lostSince: undefined });
});
