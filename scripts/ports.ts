import { createServer, type Server } from "node:net";

/** Listens on loopback on a port that the system chooses, and resolves with it. */
export async function listenOnFreePort(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

/** `wanted` if nothing listens there on loopback, else a free port. */
export async function freePort(wanted = 0): Promise<number> {
  const probe = createServer();
  try {
    return await listenOnFreePort(probe, wanted);
  } catch (error) {
    if (wanted === 0) throw error;
    return await freePort();
  } finally {
    probe.close();
  }
}
