export { VerifyModule } from '../nest-module.js';
export { CurrentAuth, CurrentUser, Public, Roles, Scopes } from './decorators.js';
export { VERIFIER, VerifyGuard } from './verify.guard.js';
export { VerifyErrorFilter } from './verify-error.filter.js';
export type { VerifyModuleSettings } from './verify-module-settings.js';
