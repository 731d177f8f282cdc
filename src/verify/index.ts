export type { Admission } from './admission.js';
export type { ExpressMiddleware } from './express.js';
export type { FastifyPlugin } from './fastify.js';
export type { VerifyModuleSettings } from './nest/verify-module-settings.js';
export { VerifyModule } from './nest-module.js';
export { refuse } from './refuse.js';
export {
  authOf,
  type VerifiedAuth,
  type VerifiedClient,
  type VerifiedCredential,
  type VerifiedCredentialAuth,
  type VerifiedRequest,
  type VerifiedSession,
  type VerifiedSessionAuth,
  type VerifiedUser,
} from './verified-auth.js';
export { createVerifier, type Verifier, type VerifierStatus } from './verifier.js';
export type { VerifierSettings } from './verifier-settings.js';
export type { VerifyClock } from './verify-clock.js';
export { VerifyError, type VerifyErrorCode, type VerifyProblem } from './verify-error.js';
export type { VerifyRequest } from './verify-request.js';
export type { VerifyRule } from './verify-rule.js';
