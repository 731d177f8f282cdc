export type { ActingUser, TestUser } from './acting-user.js';
export { exerciseAtomicPrimitives } from './atomic-primitives.contract.js';
export { AuthTestApp } from './auth-test-app.js';
export { AuthenticatorApp } from './authenticator-app.js';
export {
  bootAuthApp,
  type TestAppSettings,
  type TestRunSettings,
  testOptions,
  type WholeAppSettings,
} from './boot-auth-app.js';
export type { ActingAs } from './direct-login.js';
export { FakeClock } from './fake-clock.js';
export { type FakeLogout, FakeProvider } from './fake-provider.js';
export { startFakeProvider } from './fake-provider-server.js';
export type {
  FakeLogin,
  FakePerson,
  FakeProviderEndpoint,
  FakeProviderKind,
  FakeProviderRequest,
  FakeProviderSettings,
  ProviderFault,
  ProviderMisbehaviour,
  SignatureFault,
  TokenMisbehaviour,
} from './fake-provider-settings.js';
export type { PasswordLogin, TestLogin } from './http-login.js';
export { exercisePasskeyStore } from './passkey-store.contract.js';
export { exerciseRateLimitStore } from './rate-limit-store.contract.js';
export { exerciseRefreshTokenStore } from './refresh-token-store.contract.js';
export { exerciseRevocationFeed } from './revocation-feed.contract.js';
export { exerciseSessionStore } from './session-store.contract.js';
export { SoftwareAuthenticator } from './software-authenticator.js';
export { TestClient, type TestReply } from './test-client.js';
export type { TestFramework } from './test-framework.js';
export { TestStepFailed } from './test-step.js';
export { exerciseUserStore } from './user-store.contract.js';
export type {
  AuthenticatorSettings,
  CeremonyOptions,
  CredentialJson,
  Misbehaviour,
  SoftwarePasskey,
} from './webauthn-ceremony.js';
export { wrapAuthApp } from './wrap-auth-app.js';
