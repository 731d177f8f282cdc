import type { BenchApp, Load, LoadPlan } from '../row.js';
import { RawConnection, type Supply } from './raw-connection.js';

/** Time to warm up, as a share of the time that is measured. */
const WARM_UP = 0.3;

/** Sends one request after the other on every connection, and tells what came back and what it cost the server. */
export async function load(app: BenchApp, plan: LoadPlan): Promise<Load> {
  const { connections: width = 32, seconds = 2, status = 200, requests: total = Number.POSITIVE_INFINITY } = plan;
  const supply: Supply = { requests: bytesOf(app, plan), total, sent: 0, answered: 0, onAnswer: plan.onAnswer };
  const latencies: number[] = [];
  const connections = Array.from({ length: width }, () => new RawConnection(app.url, supply, status));
  const mayRest = plan.isSleepless ? stayAwake() : () => undefined;
  try {
    await Promise.all(connections.map((connection) => connection.open()));
    if (!plan.requests) await warmUp(connections, seconds * WARM_UP * 1000);
    const before = await app.cpuMicros();
    for (const connection of connections) connection.record(latencies);
    const startedAt = performance.now();
    if (plan.requests) await failing(connections, allOf(supply, connections));
    else await failing(connections, passed(seconds * 1000));
    const elapsed = (performance.now() - startedAt) / 1000;
    const count = latencies.length;
    const cpu = (await app.cpuMicros()) - before;
    const cost = { cpuMicrosPerRequest: cpu / count, serverBusy: cpu / 1e6 / elapsed };
    const sorted = Float64Array.from(latencies).sort();
    return { ...percentiles(sorted), latencies: sorted, ...cost, perSecond: count / elapsed, status };
  } finally {
    mayRest();
    for (const connection of connections) connection.close();
  }
}

/** With something always due, Node looks for answers without waiting for them. Returns what ends it. */
function stayAwake(): () => void {
  let next = setImmediate(function again() {
    next = setImmediate(again);
  });
  return () => clearImmediate(next);
}

function warmUp(connections: readonly RawConnection[], milliseconds: number): Promise<unknown> {
  for (const connection of connections) connection.run();
  return failing(connections, passed(milliseconds));
}

/** Waits, unless one of them fails before. */
function failing(connections: readonly RawConnection[], end: Promise<unknown>): Promise<unknown> {
  return Promise.race([end, ...connections.map(({ failed }) => failed)]);
}

function passed(milliseconds: number): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function allOf(supply: Supply, connections: readonly RawConnection[]): Promise<unknown> {
  const end = new Promise<void>((resolve) => {
    supply.onEnd = resolve;
  });
  for (const connection of connections) connection.run();
  return end;
}

/** What this share of them does not exceed. @param sorted the least first */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function percentiles(sorted: Float64Array) {
  return { p50Milliseconds: percentile(sorted, 0.5), p99Milliseconds: percentile(sorted, 0.99) };
}

function bytesOf(app: BenchApp, { method = 'GET', path, headers = [{}], body }: LoadPlan): Buffer[] {
  const { host } = new URL(app.url);
  const paths = [path].flat();
  const bodies = [body].flat();
  return Array.from({ length: Math.max(paths.length, headers.length, bodies.length) }, (_, i) => {
    const text = bodies[i % bodies.length];
    const length =
      text === undefined ? {} : { 'content-type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
    const all = { Host: host, ...length, ...headers[i % headers.length] };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.from(`${method} ${paths[i % paths.length]} HTTP/1.1\r\n${lines.join('')}\r\n${text ?? ''}`);
  });
}
