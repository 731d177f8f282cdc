import preset from './dist/src/testing/jest-preset.js';

export default {
  ...preset,
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  globalSetup: '<rootDir>/test/global-setup.mjs',
  globalTeardown: '<rootDir>/test/global-teardown.mjs',
  // Starting a database may take a while on a busy machine.
  testTimeout: 30_000,
};
