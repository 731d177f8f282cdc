import type { Measurement } from './row.js';
import { apiKeyGet } from './rows/api-key-get.js';
import { authenticatedGet } from './rows/authenticated-get.js';
import { firstVerification } from './rows/first-verification.js';
import { fleet } from './rows/fleet.js';
import { hashing } from './rows/hashing.js';
import { memory } from './rows/memory.js';
import { million } from './rows/million.js';
import { oauth } from './rows/oauth.js';
import { revocations } from './rows/revocations.js';
import { secondFactors } from './rows/second-factors.js';
import { steps } from './rows/steps.js';
import { tracing } from './rows/tracing.js';
import { unreachableCache } from './rows/unreachable-cache.js';
import { verify } from './rows/verify.js';
import { waking } from './rows/waking.js';

/** All of them, in the order of the table. */
export const measurements: readonly Measurement[] = [
  authenticatedGet,
  apiKeyGet,
  oauth,
  firstVerification,
  memory,
  revocations,
  verify,
  steps,
  secondFactors,
  tracing,
  unreachableCache,
  hashing,
];

/** What large fleets and many sessions cost: `npm run bench -- --scale` writes it into docs/design/scale.md. */
export const scaleMeasurements: readonly Measurement[] = [fleet, waking, million];
