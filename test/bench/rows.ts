import type { Measurement } from './row.js';
import { apiKeyGet } from './rows/api-key-get.js';
import { authenticatedGet } from './rows/authenticated-get.js';
import { firstVerification } from './rows/first-verification.js';
import { fleet } from './rows/fleet.js';
import { hashing } from './rows/hashing.js';
import { memory } from './rows/memory.js';
import { oauth } from './rows/oauth.js';
import { revocations } from './rows/revocations.js';
import { secondFactors } from './rows/second-factors.js';
import { steps } from './rows/steps.js';
import { unreachableCache } from './rows/unreachable-cache.js';
import { verify } from './rows/verify.js';

/** All of them, in the order of the table. */
export const measurements: readonly Measurement[] = [
  authenticatedGet,
  apiKeyGet,
  oauth,
  firstVerification,
  memory,
  revocations,
  fleet,
  verify,
  steps,
  secondFactors,
  unreachableCache,
  hashing,
];
