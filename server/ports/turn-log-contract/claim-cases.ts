import { v7 as uuid } from "uuid";
import { expect, it } from "vitest";
import { COMPLETED, claimed, ended, type StartLog, someClaim } from "./fixture.ts";

export function claimCases(start: StartLog): void {
  it("is found as it was made, by its turn id alone", async () => {
    const { log } = await start();
    const claim = await claimed(log);
    expect(await log.find(claim.turnId)).toEqual(claim);
    expect(await log.find(uuid())).toBeUndefined();
  });

  it("is won by one of fifty parallel callers; the others get the winner's", async () => {
    const { log } = await start();
    // Right after a commit, so that the callers meet a claim that is not committed yet.
    await claimed(log);
    const turnId = uuid();
    const answers = await Promise.all(Array.from({ length: 50 }, () => log.claim(someClaim({ turnId }))));
    const winners = answers.filter((answer) => answer.status === "claimed");
    expect(winners).toHaveLength(1);
    const first = await log.find(turnId);
    for (const answer of answers) expect(answer).toEqual({ status: expect.any(String), claim: first });
    expect(answers.filter((answer) => answer.status === "known")).toHaveLength(49);
  });

  it("lets one of fifty turns run in a conversation and writes nothing of the others", async () => {
    const { log } = await start();
    const conversationId = uuid();
    await claimed(log);
    const claims = Array.from({ length: 50 }, () => someClaim({ conversationId }));
    const answers = await Promise.all(claims.map((claim) => log.claim(claim)));
    expect(answers.filter((answer) => answer.status === "claimed")).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === "busy")).toHaveLength(49);
    const found = await Promise.all(claims.map((claim) => log.find(claim.turnId)));
    expect(found.filter((claim) => claim !== undefined)).toHaveLength(1);
  });

  it("takes fifty conversations at once", async () => {
    const { log } = await start();
    const claims = Array.from({ length: 50 }, () => someClaim());
    const answers = await Promise.all(claims.map((claim) => log.claim(claim)));
    expect(answers.every((answer) => answer.status === "claimed")).toBe(true);
  });

  it("is known while the turn runs and after its end, also to another user, in any conversation", async () => {
    const { log } = await start();
    const claim = await claimed(log);
    const other = someClaim({ turnId: claim.turnId, userId: "user-b" });
    expect(await log.claim(other)).toEqual({ status: "known", claim });
    await log.settle(claim.turnId, COMPLETED);
    await log.finish(claim.turnId, { saved: true });
    expect(await log.claim(other)).toEqual({ status: "known", claim });
    expect(await log.runningIn("user-b", other.conversationId)).toEqual([]);
  });

  it("finds a conversation busy until the terminal event is committed", async () => {
    const { log } = await start();
    const { turnId, conversationId } = await claimed(log);
    const next = someClaim({ conversationId });
    expect(await log.claim(next)).toEqual({ status: "busy" });
    await log.settle(turnId, COMPLETED);
    expect(await log.claim(next)).toEqual({ status: "busy" });
    await log.finish(turnId, { saved: true });
    expect(await log.claim(next)).toEqual({ status: "claimed", claim: next });
  });

  it("names the running turn of a user's conversation", async () => {
    const { log } = await start();
    const { turnId, conversationId } = await claimed(log);
    expect(await log.runningIn("user-a", conversationId)).toEqual([turnId]);
    expect(await log.runningIn("user-b", conversationId)).toEqual([]);
    expect(await log.runningIn("user-a", uuid())).toEqual([]);
    const over = await ended(log, ["a"]);
    expect(await log.runningIn("user-a", over.conversationId)).toEqual([]);
  });
}
