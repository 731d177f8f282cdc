import { authRoutesPath } from './token-cookies.js';

it.each([
  ['/auth/login', '/auth'],
  ['/auth/login?next=/auth/x/', '/auth'],
  ['/auth/login/factor', '/auth'],
  ['/api/auth/refresh', '/api/auth'],
  ['/api/v1/auth/sessions/3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11', '/api/v1/auth'],
  ['/auth/auth/login', '/auth/auth'],
  ['/my-auth/auth/login', '/my-auth/auth'],
  ['/admin/users', '/auth'],
  ['/x;Domain=evil.example/auth/login', '/auth'],
  ['/x%0d%0a/auth/login', '/auth'],
  ['', '/auth'],
])('the refresh cookie of a request to %p is sent to %s only', (url, path) => {
  expect(authRoutesPath({ url })).toBe(path);
  expect(authRoutesPath({ url: '/login', originalUrl: url })).toBe(path);
});
