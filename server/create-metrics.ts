import { performance } from "node:perf_hooks";
import { Counter, Gauge, Registry } from "prom-client";
import type { TerminalEvent } from "../lib/protocol/events.ts";

/** What the server counts, and the text that Prometheus reads. */
export type Metrics = {
  onTurnStarted(): void;
  onTurnEnded(end: TerminalEvent): void;
  onEventsAppended(count: number): void;
  onRequest(request: { method: string; route: string; status: number }): void;
  /** In the Prometheus text format. */
  text(): Promise<string>;
};

/** Counters of one server; the gauges are asked when the text is. */
export function createMetrics(gauges: { runningTurns: () => number; openStreams: () => number }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const started = new Counter({ name: "sidestream_turns_started_total", help: "Turns started", registers });
  const ended = new Counter({
    name: "sidestream_turns_ended_total",
    help: "Turns ended, by how and, when failed, by why",
    labelNames: ["end", "code"],
    registers,
  });
  const appended = new Counter({ name: "sidestream_events_appended_total", help: "Events of turns logged", registers });
  const requests = new Counter({
    name: "sidestream_http_requests_total",
    help: "HTTP requests answered, by route and status",
    labelNames: ["method", "route", "status"],
    registers,
  });
  addGauge(registry, "sidestream_turns_running", "Turns running now", gauges.runningTurns);
  addGauge(registry, "sidestream_streams_open", "Event streams open now: feeds and followers", gauges.openStreams);
  addProcessGauges(registry);
  return {
    onTurnStarted: () => started.inc(),
    onTurnEnded: (end) => ended.inc({ end: end.type, code: end.type === "failed" ? end.code : "" }),
    onEventsAppended: (count) => appended.inc(count),
    onRequest: ({ method, route, status }) => requests.inc({ method: knownMethod(method), route, status }),
    text: () => registry.metrics(),
  };
}

/** A caller must not be able to make up labels. */
function knownMethod(method: string): string {
  return ["GET", "POST", "PATCH", "DELETE", "OPTIONS", "HEAD", "PUT"].includes(method) ? method : "other";
}

/** The usual names, without the observers of garbage collection and event loop that cost CPU all the time. */
function addProcessGauges(registry: Registry): void {
  addGauge(registry, "process_cpu_seconds_total", "CPU time used, in seconds", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  addGauge(registry, "process_resident_memory_bytes", "Resident memory, in bytes", () => process.memoryUsage.rss());
  addGauge(registry, "process_start_time_seconds", "Start of the process, in seconds since 1970", () =>
    Math.round(performance.timeOrigin / 1000),
  );
  addGauge(registry, "nodejs_heap_size_used_bytes", "Heap in use, in bytes", () => process.memoryUsage().heapUsed);
}

function addGauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}
