import { defineOptions, integer, seconds } from '../config/option-section.js';

export interface LimitOptions {
  readonly loginAttempts: number;
  readonly loginWindowSeconds: number;
  /** 0: as `loginAttempts`. */
  readonly loginAttemptsPerIp: number;
  /** 0: as `loginAttempts`. */
  readonly loginAttemptsPerEmail: number;
  /** 0: as `loginAttempts`. */
  readonly mailsPerAddress: number;
  /** 0: a hundred times `loginAttempts`. */
  readonly mailsPerIp: number;
}

const MOST = 1_000_000_000;

export const limitOptions = defineOptions<LimitOptions>({
  title: 'Rate limits',
  specs: {
    loginAttempts: integer({
      default: 5,
      min: 1,
      max: MOST,
      description: 'Failed logins in one window: per address of a client, per e-mail address, and per both.',
    }),
    loginWindowSeconds: seconds({ default: 900, min: 1, max: 86_400, description: 'The window of every limit.' }),
    loginAttemptsPerIp: integer({
      default: 0,
      min: 0,
      max: MOST,
      description: 'Failed logins per client address, for many people behind one. 0: `LOGIN_ATTEMPTS`.',
    }),
    loginAttemptsPerEmail: integer({
      default: 0,
      min: 0,
      max: MOST,
      description: 'Failed logins per e-mail address, from wherever. 0: `LOGIN_ATTEMPTS`.',
    }),
    mailsPerAddress: integer({
      default: 0,
      min: 0,
      max: MOST,
      description: 'Requests that mail one address, per route and window. 0: `LOGIN_ATTEMPTS`.',
    }),
    mailsPerIp: integer({
      default: 0,
      min: 0,
      max: MOST,
      description: 'Requests that mail somebody, per client address, route and window. 0: 100 × `LOGIN_ATTEMPTS`.',
    }),
  },
});
