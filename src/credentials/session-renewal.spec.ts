import { amrAfter } from './session-renewal.js';

describe('what a session shows after another proof', () => {
  it.each([
    ['a second factor stands beside the password', ['pwd'], ['otp'], ['pwd', 'otp', 'mfa']],
    ['the same again adds nothing', ['pwd', 'otp', 'mfa'], ['otp'], ['pwd', 'otp', 'mfa']],
    ['the password alone takes back what others had proven', ['pwd', 'otp', 'mfa'], ['pwd'], ['pwd']],
    ['nothing proven changes nothing', ['pwd', 'otp', 'mfa'], [], ['pwd', 'otp', 'mfa']],
    ['both at once are both', ['pwd'], ['pwd', 'otp', 'mfa'], ['pwd', 'otp', 'mfa']],
  ])('%s', (_, before, proven, after) => expect(amrAfter(before, proven).sort()).toEqual([...after].sort()));
});
