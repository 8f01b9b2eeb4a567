import { describe } from "vitest";
import { appendCases } from "./turn-log-contract/append-cases.ts";
import { claimCases } from "./turn-log-contract/claim-cases.ts";
import { crashCases } from "./turn-log-contract/crash-cases.ts";
import { endCases } from "./turn-log-contract/end-cases.ts";
import { type OpenLog, startLogs } from "./turn-log-contract/fixture.ts";
import { forgettingCases } from "./turn-log-contract/forgetting-cases.ts";
import { interleavingCases } from "./turn-log-contract/interleaving-cases.ts";
import { readerCases } from "./turn-log-contract/reader-cases.ts";
import { userReaderCases } from "./turn-log-contract/user-reader-cases.ts";

/** What every TurnLog does, whatever keeps it. `open` gives an empty log of its own on each call. */
export function describeTurnLog(name: string, open: OpenLog): void {
  describe(`turn log: ${name}`, () => {
    const start = startLogs(open);
    describe("claims", () => claimCases(start));
    describe("appends", () => appendCases(start));
    describe("readers of a turn", () => readerCases(start));
    describe("readers of a user", () => userReaderCases(start));
    describe("interleavings", () => interleavingCases(start));
    describe("ends", () => endCases(start));
    describe("crashes", () => crashCases(start));
    describe("forgetting", () => forgettingCases(start));
  });
}
