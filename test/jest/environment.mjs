import { createRequire } from 'node:module';
import vm from 'node:vm';
import { compiledOnce } from './compiled-once.mjs';
import { disableStorages, spareStorages, watchStorages } from './left-storages.mjs';
import { offerSharedModules, shared } from './shared-modules.mjs';
import { mapStackTraces } from './source-positions.mjs';

const require = createRequire(createRequire(import.meta.url).resolve('jest-environment-node'));
const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

/** Stands for the process's own realm where Jest asks for a context. */
const OWN_REALM = Object.freeze({});

const compileFunction = vm.compileFunction;
vm.compileFunction = (code, parameters, options) => {
  if (options?.parsingContext !== OWN_REALM) return compileFunction(code, parameters, options);
  const compile = () => compileFunction(code, parameters, { ...options, parsingContext: undefined });
  return compiledOnce(options.filename, code, parameters, compile);
};

/** Registered symbols under which Jest's runner keeps what belongs to one file. */
const RUNNER_SYMBOLS = /^(EVENT_HANDLERS|TEST_TIMEOUT_SYMBOL|RETRY_.*|WAIT_BEFORE_RETRY|LOG_ERRORS_BEFORE_RETRY)$/;

/**
 * Runs spec files in the realm of the process, one after the other, so that they can share what was evaluated once
 * (`shared-modules.mjs`) and `instanceof` means the same on both sides. When a file ends, what Jest has left on the global object
 * is gone, and the environment variables, Nest's logger and whatever was spied upon are as before.
 */
export default class OwnRealmEnvironment {
  global = globalThis;
  fakeTimers = null;

  constructor({ projectConfig }) {
    watchStorages();
    offerSharedModules();
    const { Logger } = shared('@nestjs/common');
    this.before = {
      exit: process.exit,
      console: globalThis.console,
      env: { ...process.env },
      symbols: new Set(Object.getOwnPropertySymbols(globalThis)),
      logger: { staticInstanceRef: Logger.staticInstanceRef, logLevels: Logger.logLevels },
    };
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
    Error.stackTraceLimit = 100;
  }

  async setup() {
    // Enough to find the place, and not a hundred for each refusal that a test expects.
    Error.stackTraceLimit = 30;
    mapStackTraces();
    // Jest loads its runner of tests now, and what they load themselves after it.
    if (!process.env.KEEP_ALS) spareStorages();
  }

  handleTestEvent({ name }) {
    if (name === 'setup') watchStorages();
  }

  async teardown() {
    const { exit, console, env, symbols, logger } = this.before;
    disableStorages();
    this.fakeTimersModern.dispose();
    this.moduleMocker.restoreAllMocks();
    process.exit = exit;
    globalThis.console = console;
    Object.assign(shared('@nestjs/common').Logger, logger);
    for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
    Object.assign(process.env, env);
    for (const key of Object.getOwnPropertySymbols(globalThis)) {
      const name = Symbol.keyFor(key);
      if ((name === undefined && !symbols.has(key)) || RUNNER_SYMBOLS.test(name)) delete globalThis[key];
    }
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return OWN_REALM;
  }
}
