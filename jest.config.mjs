import preset from './dist/src/testing/jest-preset.js';

export default {
  ...preset,
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
};
