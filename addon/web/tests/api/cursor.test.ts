import { describe, expect, it } from "vitest";
import { cursorIn } from "../../src/api/cursor";

describe("the cursor of the next page", () => {
  it("is read from the header", () => {
    expect(cursorIn('<?limit=2&cursor=WyJydW5zIiw1ODBd>; rel="next"')).toBe(
      "WyJydW5zIiw1ODBd",
    );
    expect(cursorIn('</api/runs?cursor=a%2Bb>; rel="next"')).toBe("a+b");
  });

  it("is null on the last page", () => {
    expect(cursorIn(null)).toBeNull();
    expect(cursorIn('<?cursor=x>; rel="prev"')).toBeNull();
  });
});
