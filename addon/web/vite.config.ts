import { defineConfig } from "vitest/config";

export default defineConfig({
  // every address relative: pages are served at /, under a prefix and through ingress
  base: "./",
  build: {
    target: "es2022",
    // the first with light-dark()
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // the content policy forbids data: addresses
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
    reportCompressedSize: false,
  },
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    // all of them are pure
    isolate: false,
    // a reader far from both utilities; tests that need another zone say so
    env: { TZ: "Australia/Sydney" },
  },
});
