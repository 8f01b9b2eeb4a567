import * as z from "zod";
import { SignInError } from "../identity.ts";
import type { Clerk, Line } from "./connection.ts";
import { unreachable } from "./sign-in-words.ts";

type Session = NonNullable<Clerk["client"]>["sessions"][number];

const refusedSchema = z.object({ status: z.number().min(400).max(499) });

/**
 * A new token of the person's session; none when Clerk says that the session has ended. Fails with SignInError when Clerk
 * says neither. May take long: Clerk's client tries again by itself.
 */
export async function findToken(line: Line, userId: string): Promise<{ token: string | undefined }> {
  const session = sessionOf(line, userId) ?? (await sessionAtClerk(line, userId));
  if (session === undefined) return { token: undefined };
  try {
    // Its own cache hands out tokens with five seconds left.
    const token = await session.getToken({ skipCache: true });
    if (token === null) throw unreachable();
    return { token };
  } catch (error) {
    if (error instanceof SignInError || !refusedSchema.safeParse(error).success) throw error;
    if ((await sessionAtClerk(line, userId)) === undefined) return { token: undefined };
    throw error;
  }
}

/** Asks Clerk: what its client has in memory may be of before, or of nobody because no answer came. */
async function sessionAtClerk(line: Line, userId: string): Promise<Session | undefined> {
  await line.ask(async () => line.clerk.client?.reload());
  return sessionOf(line, userId);
}

function sessionOf({ clerk }: Line, userId: string): Session | undefined {
  return clerk.client?.sessions.find(({ user, status }) => user?.id === userId && status === "active");
}
