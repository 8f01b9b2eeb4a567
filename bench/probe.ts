// Loaded before a relay (`--import`): answers its parent's questions about CPU and heap, so that relays stay as they are.
process.on("message", (question) => {
  const { user, system } = process.cpuUsage();
  const cpuSeconds = (user + system) / 1e6;
  // A collection stops everything: only when the heap is asked for.
  if (question === "heap") globalThis.gc?.();
  process.send?.({ cpuSeconds, heapBytes: process.memoryUsage().heapUsed });
});
// The channel alone must not keep a relay alive that has ended.
process.channel?.unref();
