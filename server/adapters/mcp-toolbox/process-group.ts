/** Sends a signal to the process group that the child `pid` leads; a group that is gone is no fault. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // EPERM is what macOS says of a group whose members have all ended but are not collected yet.
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
