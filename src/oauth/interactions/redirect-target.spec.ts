import { policyWithForms } from './page-policies.js';
import { redirectTarget } from './redirect-target.js';

describe('where an answer goes', () => {
  it.each([
    ['https://app.example.com/cb?x=1', 'app.example.com', false, 'https://app.example.com'],
    ['https://app.example.com:8443/cb', 'app.example.com:8443', false, 'https://app.example.com:8443'],
    ['http://localhost:4000/cb', 'localhost:4000', true, 'http://localhost:4000'],
    ['http://127.0.0.1/cb', '127.0.0.1', true, 'http://127.0.0.1'],
    // The grammar of the policy knows no such address.
    ['http://[::1]:4000/cb', '[::1]:4000', true, 'http:'],
    ['com.example.app:/cb', 'com.example.app', false, 'com.example.app:'],
  ])('%s is %s', (uri, host, isLocal, formSource) => {
    expect(redirectTarget(uri)).toEqual({ host, isLocal, formSource });
  });

  it.each([undefined, null, 5, '', 'no address', ['https://a.example']])('%j is nowhere', (uri) => {
    expect(redirectTarget(uri)).toBeNull();
  });

  it('stands in the policy of the page whose form leads there, once', () => {
    const policy = policyWithForms('https://a.example', null, 'https://a.example');
    expect(policy).toContain("; form-action 'self' https://a.example; ");
    expect(policyWithForms()).toContain("; form-action 'self'; ");
  });
});
