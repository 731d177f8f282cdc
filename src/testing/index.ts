export { bootAuthApp, type TestAppSettings, testOptions } from './boot-auth-app.js';
export { AuthTestApp, type TestLogin, type TestUser } from './auth-test-app.js';
export { FakeClock } from './fake-clock.js';
export { TestClient, type TestReply } from './test-client.js';
