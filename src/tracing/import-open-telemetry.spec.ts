import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { importOpenTelemetry, isOutOfReach } from './import-open-telemetry.js';

const REGISTERED = Symbol.for('opentelemetry.js.api.1');
const registry = globalThis as { [REGISTERED]?: object };
const COMPILED = pathToFileURL(resolve(__dirname, '../../dist/src/tracing/import-open-telemetry.js')).href;

/** Which of its files a process of its own has loaded, after it has asked. */
function loadedBy(tracing: string, registered: object): string[] {
  const program = `
    globalThis[Symbol.for('opentelemetry.js.api.1')] = ${JSON.stringify(registered)};
    import(${JSON.stringify(COMPILED)})
      .then(({ importOpenTelemetry }) => importOpenTelemetry({ tracing: ${JSON.stringify(tracing)} }))
      .then(() => console.log(JSON.stringify(Object.keys(require.cache).filter((file) => file.includes('opentelemetry')))));`;
  return JSON.parse(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }));
}

describe('the package of OpenTelemetry', () => {
  afterEach(() => {
    delete registry[REGISTERED];
  });

  it.each([
    ['while no SDK has registered itself', 'auto', {}],
    ['for an SDK of metrics alone', 'auto', { version: '1.9.1', metrics: {} }],
    ['with TRACING=off, whatever there is', 'off', { version: '1.9.1', trace: {} }],
  ])('is not loaded %s', (_, tracing, registered) => {
    expect(loadedBy(tracing, registered)).toEqual([]);
  });

  it('is loaded for an SDK of traces', () => {
    expect(loadedBy('auto', { version: '1.9.1', trace: {} })).not.toEqual([]);
  });

  it('is found to be out of reach of an SDK that registered itself with an older one', async () => {
    const api = (await importOpenTelemetry({ tracing: 'on' }))!;
    expect(isOutOfReach(api)).toBe(false);
    registry[REGISTERED] = { version: '1.2.0', trace: {} };
    expect(isOutOfReach(api)).toBe(true);
    registry[REGISTERED] = { version: '1.10.0', trace: {} };
    expect(isOutOfReach((await importOpenTelemetry({ tracing: 'auto' }))!)).toBe(false);
  });
});
