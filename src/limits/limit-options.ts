import { defineOptions, flag, integer, seconds } from '../config/option-section.js';

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
  readonly lookUpsPerKey: number;
  readonly botCheckSeconds: number;
  readonly botCheckFailOpen: boolean;
}

const MOST = 1_000_000_000;

export const limitOptions = defineOptions<LimitOptions>({
  title: 'Rate limits',
  specs: {
    loginAttempts: integer({
      default: 5,
      min: 1,
      max: MOST,
      description:
        'Maximum failed logins in one window: per client address, per e-mail address and per combination of both.',
    }),
    loginWindowSeconds: seconds({
      default: 900,
      min: 1,
      max: 86_400,
      description: 'Length of the window that all rate limits use.',
    }),
    loginAttemptsPerIp: integer({
      default: 0,
      min: 0,
      max: MOST,
      description: 'Maximum failed logins per client address, which many people may share. 0: `LOGIN_ATTEMPTS`.',
    }),
    loginAttemptsPerEmail: integer({
      default: 0,
      min: 0,
      max: MOST,
      description: 'Maximum failed logins per e-mail address, from all client addresses together. 0: `LOGIN_ATTEMPTS`.',
    }),
    mailsPerAddress: integer({
      default: 0,
      min: 0,
      max: MOST,
      description: 'Maximum requests that send an e-mail to one address, per route and window. 0: `LOGIN_ATTEMPTS`.',
    }),
    mailsPerIp: integer({
      default: 0,
      min: 0,
      max: MOST,
      description:
        'Maximum requests that send an e-mail, per client address, route and window. 0: 100 × `LOGIN_ATTEMPTS`.',
    }),
    lookUpsPerKey: integer({
      default: 60_000,
      min: 60,
      max: MOST,
      description: 'Maximum look-ups of tickets in a minute by one API key with the scope `verify`, on each node.',
    }),
    botCheckSeconds: seconds({
      default: 5,
      min: 1,
      max: 8,
      description: 'How long the bot check (`BotCheck`) may take.',
    }),
    botCheckFailOpen: flag({
      default: false,
      description:
        'Whether a request passes if the bot check fails or takes too long. `false`: the request is refused with 503.',
    }),
  },
});
