// Loaded before a relay (`--import`): answers its parent's questions about CPU and heap, so that relays stay as they are.
process.on("message", () => {
  const before = process.cpuUsage();
  globalThis.gc?.();
  const spent = process.cpuUsage(before);
  const { user, system } = process.cpuUsage();
  // The collection is the probe's own cost, not the relay's.
  const cpuSeconds = (user + system - spent.user - spent.system) / 1e6;
  process.send?.({ cpuSeconds, heapBytes: process.memoryUsage().heapUsed });
});
// The channel alone must not keep a relay alive that has ended.
process.channel?.unref();
