import type { Registry } from 'prom-client';
import { importPrometheus } from './prometheus.js';

// Of the process, whose observers cannot be taken away again: once, however many applications are in it.
let registry: Promise<Registry> | undefined;

/** Memory, processor, garbage collection, event loop: what prom-client tells of every Node process, under its usual names. */
export async function processMetrics(): Promise<string> {
  registry ??= observed();
  return (await registry).metrics();
}

async function observed(): Promise<Registry> {
  const { Registry, collectDefaultMetrics } = await importPrometheus();
  const ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  return ofProcess;
}
