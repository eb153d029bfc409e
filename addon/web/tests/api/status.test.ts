import { expect, test } from "vitest";
import { openedStatus, type StatusAnswer } from "../../src/api/status";

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
