import { Callers } from '../../access/caller.js';
import { NoCertificateBinding } from '../../access/certificate-binding.js';
import { pathsAbove } from './token-cookies.js';

it.each([
  ['/auth/refresh', ['/', '/auth', '/auth/refresh']],
  ['/api/v1/auth/refresh?x=/y', ['/', '/api', '/api/v1', '/api/v1/auth', '/api/v1/auth/refresh']],
  ['//auth//refresh/', ['/', '/auth', '/auth/refresh']],
  ['/', ['/']],
  ['', ['/']],
  ['/auth;Domain=evil.example/refresh', ['/']],
  ['/auth%0d%0a/refresh', ['/']],
  ['/a b', ['/']],
])('cookies of %s are those of %p, however the adapter says it', (url, paths) => {
  const callers = new Callers(new NoCertificateBinding());
  const request = { method: 'POST', headers: {} };
  expect(pathsAbove(callers.of({ ...request, url }))).toEqual(paths);
  expect(pathsAbove(callers.of({ ...request, url: '/other', originalUrl: url }))).toEqual(paths);
});
