import { expect, test } from "vitest";
import { contrast, parseColour } from "../../src/theme/colours";
import { takenFrom } from "../../src/theme/home_assistant";

const LIGHT: Record<string, string> = {
  "--primary-background-color": "#fafafa",
  "--card-background-color": "#fff",
  "--primary-text-color": "#212121",
  "--secondary-text-color": "#727272",
  "--divider-color": "rgba(0, 0, 0, .12)",
  "--primary-color": "#03a9f4",
};
const told = (theme: Record<string, string>) => (name: string) => theme[name] ?? "";

test("a theme's surfaces and texts are taken", () => {
  const taken = takenFrom(told(LIGHT));
  expect(taken?.isDark).toBe(false);
  expect(taken?.properties).toMatchObject({ "--card": "#fff", "--ink": "#212121" });
});

test("a text colour that reads badly is left to ours", () => {
  expect(takenFrom(told(LIGHT))?.properties).not.toHaveProperty("--accent");
});

test("what stands on an accent is what reads on it", () => {
  const taken = takenFrom(told({ ...LIGHT, "--primary-color": "#004c8c" }));
  expect(taken?.properties).toMatchObject({
    "--accent": "#004c8c",
    "--on-accent": "#ffffff",
  });
});

test("a dark theme is dark", () => {
  const dark = {
    ...LIGHT,
    "--card-background-color": "#1c1c1c",
    "--primary-background-color": "#111111",
  };
  expect(takenFrom(told(dark))?.isDark).toBe(true);
});

test("a page that is no Home Assistant gives nothing", () => {
  expect(takenFrom(told({}))).toBeNull();
});

test("black on white is the highest contrast there is", () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
  expect(parseColour("tomato")).toBeNull();
});
