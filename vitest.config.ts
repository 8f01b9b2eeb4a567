import { configDefaults, defineConfig } from "vitest/config";

// What the unit project is for: quick, and nothing outside this process. `*.process.test.ts` start other processes.
const BESIDE_THE_CODE = "{lib,components,server,scripts}/**/*";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "house", include: ["tests/house/**/*.test.ts"] } },
      {
        test: {
          name: "unit",
          include: [`${BESIDE_THE_CODE}.test.{ts,tsx}`],
          exclude: [...configDefaults.exclude, `${BESIDE_THE_CODE}.process.test.ts`],
        },
      },
      {
        test: {
          name: "server",
          include: ["tests/server/**/*.test.ts", `${BESIDE_THE_CODE}.process.test.ts`],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "browser",
          include: ["tests/browser/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
