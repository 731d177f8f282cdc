export { bootAuthApp, type TestAppSettings, testOptions } from './boot-auth-app.js';
export { AuthTestApp, type TestLogin, type TestUser } from './auth-test-app.js';
export { exerciseRefreshTokenStore } from './refresh-token-store.contract.js';
export { exerciseSessionStore } from './session-store.contract.js';
export { exerciseUserStore } from './user-store.contract.js';
export { FakeClock } from './fake-clock.js';
export type { TestFramework } from './test-framework.js';
export { TestClient, type TestReply } from './test-client.js';
