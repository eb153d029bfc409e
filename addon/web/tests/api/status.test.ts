import { expect, test } from "vitest";
import { openedStatus, type StatusAnswer, statusAgainInS } from "../../src/api/status";

const storage = {
  is_working: false,
  failing_since: "2026-01-04T09:09:00+00:00",
  problem: "its disk is full: make room on its disk",
};

test("a server whose store is not open tells why instead of how it collects", () => {
  const answer = { status: "unhealthy", version: "1.0", storage } as const;

  expect(() => openedStatus(answer)).toThrow("its disk is full: make room on its disk");
});

test("a server whose store is open tells how it collects", () => {
  const answer = { storage, sources: {} } as unknown as StatusAnswer;

  expect(openedStatus(answer)).toBe(answer);
});

test("while a run is under way its end is looked for soon", () => {
  const sources = (...areRunning: boolean[]) =>
    ({
      sources: Object.fromEntries(
        areRunning.map((is_running, position) => [String(position), { is_running }]),
      ),
    }) as unknown as StatusAnswer;

  expect(statusAgainInS(sources(false, true))).toBe(2);
  expect(statusAgainInS(sources(false, false))).toBe(60);
});
