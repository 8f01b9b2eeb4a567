import { describe } from "vitest";
import { describeChanges } from "./store-contract/changes.ts";
import { describeConversations } from "./store-contract/conversations.ts";
import { describeFaults, type OpenRemoteStore } from "./store-contract/faults.ts";
import { describeLargeMessages } from "./store-contract/large-messages.ts";
import { describeManyConversations } from "./store-contract/many-conversations.ts";
import { describeMessages } from "./store-contract/messages.ts";
import { describeOwnership } from "./store-contract/ownership.ts";
import { describeRandomOperations } from "./store-contract/random-operations.ts";
import { describeReadMarks } from "./store-contract/read-marks.ts";
import { describeReplays } from "./store-contract/replays.ts";
import type { OpenStore } from "./store-contract/samples.ts";
import { describeSearch } from "./store-contract/search.ts";
import { describeSettings } from "./store-contract/settings.ts";
import { describeTombstones } from "./store-contract/tombstones.ts";
import { describeTurns } from "./store-contract/turns.ts";
import { describeWatching } from "./store-contract/watching.ts";
import { describeWholeCommits } from "./store-contract/whole-commits.ts";

/** What every adapter of the Store port must pass. `open` gives an empty store; it is closed after each test. */
export function describeStore(name: string, open: OpenStore, { randomRuns = 100 }: StoreSuiteOptions = {}): void {
  describe(`${name} as a Store`, () => {
    describeTurns(open);
    describeConversations(open);
    describeMessages(open);
    describeLargeMessages(open);
    describeManyConversations(open);
    describeReadMarks(open);
    describeSettings(open);
    describeChanges(open);
    describeWholeCommits(open);
    describeTombstones(open);
    describeReplays(open);
    describeWatching(open);
    describeSearch(open);
    describeOwnership(open);
    describeRandomOperations(open, randomRuns);
  });
}

/** What an adapter over a network must pass besides: each of its calls may fail once, before or after it was done. */
export function describeRemoteStore(name: string, open: OpenRemoteStore): void {
  describe(`${name} as a Store behind a network`, () => describeFaults(open));
}

export type StoreSuiteOptions = {
  /** How many random histories are tried; fewer for a store behind a network, whose every call takes milliseconds. */
  randomRuns?: number;
};
