export { type ActingCaller, createTestVerifier, type TestCaller, type TestVerifier } from './test-verifier.js';
