import { availableParallelism } from 'node:os';
import preset from './dist/src/testing/jest-preset.js';
import { filesLeftOut } from './test/jest/needed-programs.mjs';

export default {
  ...preset,
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  testEnvironment: '<rootDir>/test/jest/environment.mjs',
  transform: { '\\.[cm]?[jt]s$': '<rootDir>/test/jest/transformer.mjs' },
  // Jest's own modules are none of the tests'.
  transformIgnorePatterns: ['/node_modules/(jest-|@jest/|expect/)'],
  testPathIgnorePatterns: [
    '/node_modules/',
    // The long ones: npm run test:lab, npm run test:long.
    '<rootDir>/test/lab/',
    ...filesLeftOut().map((file) => `<rootDir>/${file}$`),
  ],
  // Nothing hangs for ever, and no file is begun twice.
  runner: '<rootDir>/test/jest/runner.mjs',
  testSequencer: '<rootDir>/test/jest/sequencer.mjs',
  reporters: ['default', '<rootDir>/test/slowest-files.mjs'],
  globalSetup: '<rootDir>/test/global-setup.mjs',
  globalTeardown: '<rootDir>/test/global-teardown.mjs',
  // By itself Jest leaves one core idle, and on two cores runs everything in one process. One more works while others wait for a database, and
  // one takes the files that do nothing but wait (test/jest/runner.mjs).
  maxWorkers: availableParallelism() + 2,
  // A worker of which more than this is in memory is replaced by a new one between two files.
  workerIdleMemoryLimit: '1500MB',
  setupFilesAfterEnv: ['<rootDir>/test/suite-set-up.ts'],
  // So that what waits for ever ends. A slow machine is no failure.
  testTimeout: 300_000,
};
