import { configDefaults, defineConfig } from "vitest/config";

// What the unit project is for: quick, and nothing outside this process. `*.process.test.ts` start other processes, and
// `*.standin.test.ts` talk to the stand-in of a service: both run with the server's tests.
const BESIDE_THE_CODE = "{lib,components,server,scripts}/**/*";
const NOT_UNIT = `${BESIDE_THE_CODE}.{process,standin}.test.ts`;

// Minutes of silence: `npm test` runs them beside the other browser tests.
const WAITS = ["tests/browser/{long-waits,short-tokens}.test.ts"];

// How long a test waits for its conditions before it fails: far longer than they take on the most loaded machine.
const patient = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000, interval: 20 } } };

export default defineConfig({
  test: {
    projects: [
      { test: { ...patient, name: "house", include: ["tests/house/**/*.test.ts"] } },
      {
        test: {
          ...patient,
          name: "unit",
          include: [`${BESIDE_THE_CODE}.test.{ts,tsx}`],
          exclude: [...configDefaults.exclude, NOT_UNIT],
          maxWorkers: "100%",
        },
      },
      {
        test: {
          ...patient,
          name: "server",
          include: ["tests/server/**/*.test.ts", NOT_UNIT],
          maxWorkers: "100%",
        },
      },
      {
        test: {
          ...patient,
          name: "browser",
          include: ["tests/browser/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...WAITS],
          testTimeout: 180_000,
          fileParallelism: false,
        },
      },
      { test: { ...patient, name: "waits", include: WAITS, testTimeout: 180_000, fileParallelism: false } },
      // Real services, with a person's own account: `npm test -- live-convex` and `npm test -- live-clerk` only.
      { test: { ...patient, name: "live", include: ["tests/live/**/*.test.ts"], testTimeout: 180_000 } },
    ],
  },
});
