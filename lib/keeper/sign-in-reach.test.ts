import { describe, expect, it } from "vitest";
import type { Clock } from "../api/clock.ts";
import { createKeeperStore } from "./keeper-store.ts";
import { tellSignInReach } from "./sign-in-reach.ts";

describe("a token that cannot be had while the feed is open", () => {
  it("is told, asked for again and again, and told to be there again", async () => {
    const { getToken, store, asked, setDown, pass, sent } = setUp();
    store.apply({ type: "connection", connection: { status: "online" } });
    setDown(true);
    await expect(getToken()).rejects.toThrow("down");
    await expect(getToken()).rejects.toThrow("down");
    expect(store.state.connection).toEqual({ status: "online", signIn: "unreachable" });
    expect(asked()).toBe(2);
    await pass();
    expect(asked()).toBe(3);
    setDown(false);
    await pass();
    expect(store.state.connection).toEqual({ status: "online" });
    expect(sent()).toBe(1);
    await pass();
    expect(asked()).toBe(4);
  });

  it("is for the feed to tell when that is not open", async () => {
    const { getToken, store, asked, setDown, pass } = setUp();
    const connection = { status: "reconnecting", retryAt: 1, cause: "sign-in" } as const;
    store.apply({ type: "connection", connection });
    setDown(true);
    await expect(getToken()).rejects.toThrow("down");
    await pass();
    expect(store.state.connection).toEqual(connection);
    expect(asked()).toBe(1);
  });

  it("is not asked for any more when the session has ended", async () => {
    const { getToken, store, asked, setDown, pass, end } = setUp();
    store.apply({ type: "connection", connection: { status: "online" } });
    setDown(true);
    await expect(getToken()).rejects.toThrow("down");
    end();
    await pass();
    expect(asked()).toBe(1);
  });
});

it("a token that must be fresh is", async () => {
  const { getToken } = setUp();
  expect([await getToken(), await getToken({ fresh: true })]).toEqual(["token", "fresh token"]);
});

function setUp() {
  const store = createKeeperStore();
  const life = new AbortController();
  const timers = new Set<() => void>();
  const clock: Clock = {
    now: () => 0,
    backoff: () => 1,
    after(_ms, callback) {
      timers.add(callback);
      return () => void timers.delete(callback);
    },
  };
  let isDown = false;
  let asked = 0;
  let sent = 0;
  const getToken = tellSignInReach({
    async getToken({ fresh } = { fresh: false }) {
      asked += 1;
      if (isDown) throw new Error("down");
      return fresh ? "fresh token" : "token";
    },
    isSignInUnreachable: () => isDown,
    store,
    clock,
    signal: life.signal,
    onBack() {
      sent += 1;
    },
  });
  return {
    getToken,
    store,
    asked: () => asked,
    sent: () => sent,
    setDown(down: boolean) {
      isDown = down;
    },
    /** Lets all timers of now ring, and what they begin come to its end. */
    async pass() {
      const due = [...timers];
      timers.clear();
      for (const callback of due) callback();
      await new Promise(setImmediate);
    },
    end: () => life.abort(),
  };
}
