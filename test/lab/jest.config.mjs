import { availableParallelism } from 'node:os';
import base from '../../jest.config.mjs';

/** Longer than anything here takes on a starved machine: it ends what hangs, and judges nothing. */
const HANGING_MS = process.env.LAB_FORM === 'long' ? 7_200_000 : 1_800_000;

const { testPathIgnorePatterns: _unlike, ...rest } = base;

export default {
  ...rest,
  rootDir: '../..',
  roots: ['<rootDir>/test/lab'],
  // None of its files only waits.
  maxWorkers: availableParallelism() + 1,
  testTimeout: HANGING_MS,
};
