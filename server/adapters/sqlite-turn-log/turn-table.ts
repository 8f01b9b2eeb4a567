import type { DatabaseSync, StatementSync } from "node:sqlite";
import * as z from "zod";
import type { TerminalEvent } from "../../../lib/protocol/events.ts";
import type { TurnClaim } from "../../ports/turn-log.ts";
import { type LiveTurn, liveTurn } from "./live-turn.ts";
import { readClaim, readEnd } from "./stored-json.ts";

/** A turn that has its terminal event; its `lines` are undefined once they were dropped. */
export type EndedTurn = {
  userId: string;
  conversationId: string;
  lastSeq: number;
  end: TerminalEvent;
  lines: readonly string[] | undefined;
};

/** The rows of turns: their claims, their settled ends, and the events of those that ended. Knows no transactions. */
export class TurnTable {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(database: DatabaseSync) {
    this.#sql = prepare(database);
  }

  /** Returns the number that the turn gets. */
  insert(claim: TurnClaim): number {
    const { turnId, userId, conversationId } = claim;
    const no = Number(this.#sql.insertTurn.run(turnId, userId, conversationId).lastInsertRowid);
    this.#sql.insertClaim.run(no, JSON.stringify(claim));
    return no;
  }

  claimOf(turnId: string): TurnClaim | undefined {
    const row = claimRow.optional().parse(this.#sql.claim.get(turnId));
    return row && readClaim(row.claim);
  }

  running(): LiveTurn[] {
    return z
      .array(runningRow)
      .parse(this.#sql.running.all())
      .map((row) =>
        liveTurn(
          row.no,
          { turnId: row.id, userId: row.user_id, conversationId: row.conversation_id },
          row.settled === null ? undefined : readEnd(row.settled),
        ),
      );
  }

  settle(no: number, end: TerminalEvent): void {
    this.#sql.settle.run(JSON.stringify(end), no);
  }

  /** `savedAt`: milliseconds since 1970, null when the answer is not in the store. */
  finish(no: number, lines: readonly string[], savedAt: number | null): void {
    this.#sql.end.run(lines.length, no);
    this.#sql.insertFinished.run(no, savedAt, lines.join("\n"));
  }

  markSaved(turnId: string, savedAt: number): void {
    this.#sql.markSaved.run(savedAt, turnId);
  }

  ended(turnId: string): EndedTurn | undefined {
    const row = endedRow.optional().parse(this.#sql.ended.get(turnId));
    if (row === undefined) return undefined;
    return {
      userId: row.user_id,
      conversationId: row.conversation_id,
      lastSeq: row.last_seq,
      end: readEnd(row.settled),
      lines: row.events?.split("\n"),
    };
  }

  /** Ids of the ended turns whose answer is not in the store, oldest first. */
  unsaved(): string[] {
    return z
      .array(idRow)
      .parse(this.#sql.unsaved.all())
      .map((row) => row.id);
  }

  drop(userId: string, conversationId: string): void {
    this.#sql.dropFinished.run(conversationId, userId);
    this.#sql.dropClaims.run(conversationId, userId);
    this.#sql.dropTurns.run(conversationId, userId);
  }

  /** Drops the events of some turns that were saved before then; returns of how many. */
  expire(savedBefore: number, limit: number): number {
    return Number(this.#sql.expire.run(savedBefore, limit).changes);
  }
}

function prepare(database: DatabaseSync) {
  const sql = (text: string): StatementSync => database.prepare(text);
  const ofConversation = "(SELECT no FROM turns WHERE conversation_id = ? AND user_id = ?)";
  return {
    insertTurn: sql("INSERT INTO turns (id, user_id, conversation_id) VALUES (?, ?, ?)"),
    insertClaim: sql("INSERT INTO claims (no, claim) VALUES (?, ?)"),
    claim: sql("SELECT claim FROM turns JOIN claims USING (no) WHERE id = ?"),
    running: sql("SELECT no, id, user_id, conversation_id, settled FROM turns WHERE last_seq IS NULL ORDER BY no"),
    settle: sql("UPDATE turns SET settled = ? WHERE no = ?"),
    end: sql("UPDATE turns SET last_seq = ? WHERE no = ?"),
    insertFinished: sql("INSERT INTO finished (no, saved_at, events) VALUES (?, ?, ?)"),
    markSaved: sql(
      "UPDATE finished SET saved_at = ? WHERE saved_at IS NULL AND no = (SELECT no FROM turns WHERE id = ?)",
    ),
    ended: sql(
      `SELECT user_id, conversation_id, last_seq, settled, events FROM turns LEFT JOIN finished USING (no)
       WHERE id = ? AND last_seq IS NOT NULL`,
    ),
    unsaved: sql("SELECT id FROM finished JOIN turns USING (no) WHERE saved_at IS NULL ORDER BY no"),
    dropFinished: sql(`DELETE FROM finished WHERE no IN ${ofConversation}`),
    dropClaims: sql(`DELETE FROM claims WHERE no IN ${ofConversation}`),
    dropTurns: sql("DELETE FROM turns WHERE conversation_id = ? AND user_id = ?"),
    expire: sql(
      `DELETE FROM finished WHERE no IN (SELECT no FROM finished WHERE saved_at < ? ORDER BY saved_at LIMIT ?)`,
    ),
  };
}

const idRow = z.object({ id: z.string() });
const claimRow = z.object({ claim: z.string() });
const placeRow = z.object({ user_id: z.string(), conversation_id: z.string() });
const runningRow = placeRow.extend({ no: z.number(), id: z.string(), settled: z.string().nullable() });
const endedRow = placeRow.extend({ last_seq: z.number(), settled: z.string(), events: z.string().nullable() });
