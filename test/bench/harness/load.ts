import type { BenchApp, Load, LoadPlan } from '../row.js';
import { RawConnection } from './raw-connection.js';

/** Time to warm up, as a share of the time that is measured. */
const WARM_UP = 0.3;

/** Sends one request after the other on every connection, and tells what came back and what it cost the server. */
export async function load(app: BenchApp, plan: LoadPlan): Promise<Load> {
  const { connections: width = 32, seconds = 2, status = 200 } = plan;
  const requests = bytesOf(app, plan);
  const latencies: number[] = [];
  const connections = Array.from({ length: width }, (_, at) => new RawConnection(app.url, requests, at, status));
  try {
    await Promise.all(connections.map((connection) => connection.open()));
    for (const connection of connections) connection.run();
    await failing(connections, seconds * WARM_UP * 1000);
    const before = await app.cpuMicros();
    for (const connection of connections) connection.record(latencies);
    const startedAt = performance.now();
    await failing(connections, seconds * 1000);
    const elapsed = (performance.now() - startedAt) / 1000;
    const count = latencies.length;
    const cpu = (await app.cpuMicros()) - before;
    const cost = { cpuMicrosPerRequest: cpu / count, serverBusy: cpu / 1e6 / elapsed };
    return { ...percentiles(latencies), ...cost, perSecond: count / elapsed, status };
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** Waits, unless one of them fails before. */
function failing(connections: readonly RawConnection[], milliseconds: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return Promise.race([passed, ...connections.map(({ failed }) => failed)]).finally(() => clearTimeout(timer));
}

function percentiles(latencies: number[]) {
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50Milliseconds: at(0.5), p99Milliseconds: at(0.99) };
}

function bytesOf(app: BenchApp, { method = 'GET', path, headers = [{}], body }: LoadPlan): Buffer[] {
  const { host } = new URL(app.url);
  const length =
    body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  return headers.map((own) => {
    const lines = Object.entries({ Host: host, ...length, ...own }).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`);
  });
}
