import { join } from 'node:path';

/**
 * Jest settings under which NestJS 12 (ES modules only) runs on Node 20, 22 and 24 without flags. Needs `@swc/core`.
 *
 * @example
 * // jest.config.mjs
 * import preset from 'coatcheck/jest-preset';
 * export default { ...preset, testMatch: ['<rootDir>/test/**\/*.spec.ts'] };
 */
const preset = {
  testEnvironment: 'node',
  transform: { '\\.[cm]?[jt]s$': join(import.meta.dirname, 'jest-transformer.js') },
  transformIgnorePatterns: [],
  extensionsToTreatAsEsm: [],
  // Booting an application takes seconds, and Jest gives five by itself.
  testTimeout: 30_000,
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1', '$1.js'] },
};

export default preset;
