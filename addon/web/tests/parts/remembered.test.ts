import { expect, test } from "vitest";
import { remembered } from "../../src/parts/remembered";

test("what was made of the same things is not made again", () => {
  let made = 0;
  const pair = remembered((one: object, other: string) => {
    made += 1;
    return [one, other];
  });
  const key = {};
  expect(pair(key, "a")).toBe(pair(key, "a"));
  expect(made).toBe(1);
  expect(pair(key, "b")).toEqual([key, "b"]);
  expect(made).toBe(2);
});
