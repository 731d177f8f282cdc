export { exerciseAtomicPrimitives } from './atomic-primitives.contract.js';
export { AuthTestApp, type TestLogin, type TestUser } from './auth-test-app.js';
export { bootAuthApp, type TestAppSettings, testOptions } from './boot-auth-app.js';
export { FakeClock } from './fake-clock.js';
export { exerciseRefreshTokenStore } from './refresh-token-store.contract.js';
export { exerciseSessionStore } from './session-store.contract.js';
export { TestClient, type TestReply } from './test-client.js';
export type { TestFramework } from './test-framework.js';
export { exerciseUserStore } from './user-store.contract.js';
