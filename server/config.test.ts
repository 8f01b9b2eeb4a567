import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";

describe("readConfig", () => {
  it("has a default for everything", () => {
    const result = readConfig({});
    expect(result).toMatchObject({
      ok: true,
      config: { HOST: "127.0.0.1", PORT: 8787, DATA_DIR: "./data", MAX_TOOL_ROUNDS: 10, RATE_LIMIT_PER_MINUTE: 600 },
    });
  });

  it("takes an empty variable for an unset one", () => {
    expect(readConfig({ PORT: "", LOCAL_TOKEN: " ", CLERK_ISSUER: "" })).toEqual(readConfig({}));
  });

  it("names every fault at once", () => {
    const result = readConfig({
      HOST: "0.0.0.0",
      PORT: "65536",
      OPENROUTER_BASE_URL: "ftp://models.example",
      MODELS: "fast=a/b,=c",
      LOCAL_TOKEN: "short",
      MAX_TOOL_ROUNDS: "0",
      ALLOWED_ORIGINS: "https://fine.example,*",
      LOG_LEVEL: "loud",
      MODEL_IDLE_TIMEOUT_MS: "1.5",
      SQLITE_SYNCHRONOUS: "OFF",
      REDIS_URL: "redis://127.0.0.1",
    });
    const named = result.ok ? [] : result.faults.map((fault) => fault.split(":")[0]);
    expect(named.toSorted()).toEqual([
      "ALLOWED_ORIGINS",
      "HOST",
      "LOCAL_TOKEN",
      "LOG_LEVEL",
      "MAX_TOOL_ROUNDS",
      "MODELS",
      "MODEL_IDLE_TIMEOUT_MS",
      "OPENROUTER_BASE_URL",
      "PORT",
      "REDIS_URL",
      "SQLITE_SYNCHRONOUS",
    ]);
  });

  it("reads the list of models", () => {
    const result = readConfig({ MODELS: "fast=a/b:free, c/d", DEFAULT_MODEL: "c/d" });
    expect(result.ok && result.config.MODELS).toEqual([
      { alias: "fast", id: "a/b:free" },
      { alias: "c/d", id: "c/d" },
    ]);
    expect(readConfig({ MODELS: "fast=a/b,fast=c/d" }).ok).toBe(false);
    expect(readConfig({ MODELS: "fast=a/b", DEFAULT_MODEL: "slow" })).toEqual({
      ok: false,
      faults: ["DEFAULT_MODEL: must be one of the aliases in MODELS"],
    });
  });

  it("never repeats a secret", () => {
    const result = readConfig({ LOCAL_TOKEN: "hunter2", OPENROUTER_API_KEY: "sk key", METRICS_TOKEN: "two words" });
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toMatch(/hunter2|sk key|two words/);
  });

  it("is documented in .env.example, which is itself a valid configuration", () => {
    const example = readFileSync(new URL("../.env.example", import.meta.url), "utf8");
    const lines = example.split("\n").filter((line) => /^[A-Z_]+=/.test(line));
    const variables = Object.fromEntries(lines.map((line) => [line.split("=")[0], line.slice(line.indexOf("=") + 1)]));
    const defaults = readConfig({});
    expect(readConfig(variables)).toEqual(defaults);
    for (const name of Object.keys(defaults.ok ? defaults.config : {})) expect(variables).toHaveProperty(name);
  });
});
