import * as z from "zod";
import { GivenUpError, type Line, type Session } from "./connection.ts";
import { unreachable } from "./sign-in-words.ts";

const refusedSchema = z.object({ status: z.number().min(400).max(499) });

/**
 * A new token of the person's session; none when Clerk says that the session has ended. Fails with SignInError when Clerk
 * says neither. May take long: Clerk's client tries again by itself.
 */
export async function findToken(line: Line, userId: string): Promise<{ token: string | undefined }> {
  const session = sessionOf(line, userId) ?? (await sessionAtClerk(line, userId));
  if (session === undefined) return { token: undefined };
  try {
    const token = await line.newToken(session);
    if (token === null) throw unreachable();
    return { token };
  } catch (error) {
    if (error instanceof GivenUpError || !refusedSchema.safeParse(error).success) throw error;
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
