import { ConfigurationError } from '../config/configuration-error.js';
import type { TracingOptions } from './tracing-options.js';

export type OpenTelemetry = typeof import('@opentelemetry/api');

/** Under which all copies of the package of one major version find what an SDK has registered. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

/**
 * The package `@opentelemetry/api`, where it is of use: null, and nothing is loaded, where tracing is off or no SDK has registered itself.
 *
 * @throws ConfigurationError when it is not installed and was asked for
 */
export async function importOpenTelemetry({ tracing }: TracingOptions): Promise<OpenTelemetry | null> {
  if (tracing === 'off' || (tracing === 'auto' && !registered())) return null;
  try {
    return await import('@opentelemetry/api');
  } catch {
    if (tracing === 'auto') return null;
    const remedy = 'npm install @opentelemetry/api@1, or set TRACING=off';
    const problem = 'requires the package @opentelemetry/api';
    throw new ConfigurationError([{ option: 'tracing', problem, remedy }]);
  }
}

/** Whether an SDK has registered itself with a copy of the package that is older than this one: then this one is told nothing of it. */
export function isOutOfReach({ trace }: OpenTelemetry): boolean {
  const provider = registered();
  return provider !== undefined && trace.getTracerProvider() !== provider;
}

/** What makes the tracers of this process; undefined while there is no SDK. */
function registered(): object | undefined {
  return (globalThis as { [REGISTERED]?: { readonly trace?: object } })[REGISTERED]?.trace;
}
