import { defineOptions, integer, seconds, text } from '../config/option-section.js';

export interface SessionOptions {
  readonly sessionStore: string;
  readonly sessionIdleSeconds: number;
  readonly sessionAbsoluteSeconds: number;
  readonly sessionsPerUser: number;
}

const DAY = 86_400;

export const sessionOptions = defineOptions<SessionOptions>({
  title: 'Sessions',
  specs: {
    sessionStore: text({
      default: 'postgres',
      shape: 'postgres | redis | memcached | memory',
      matches: /^[a-z][a-z0-9-]*$/,
      description: 'Where sessions and refresh tokens are kept. `memory` serves one process and forgets at its end.',
    }),
    sessionIdleSeconds: seconds({
      default: 7 * DAY,
      min: 60,
      max: 365 * DAY,
      description: 'A session unused for so long has run out.',
    }),
    sessionAbsoluteSeconds: seconds({
      default: 30 * DAY,
      min: 60,
      max: 400 * DAY,
      description: 'A session older than this has run out, however much it is used.',
    }),
    sessionsPerUser: integer({
      default: 100,
      min: 1,
      max: 1000,
      description:
        'Live sessions that a user may have: a login beyond it ends the oldest. All count, also those in which an admin acts as the user.',
    }),
  },
  validate: ({ sessionIdleSeconds, sessionAbsoluteSeconds, sessionStore, nodeEnv }) => [
    ...(sessionIdleSeconds > sessionAbsoluteSeconds
      ? [
          {
            option: 'sessionIdleSeconds',
            problem: 'is longer than SESSION_ABSOLUTE_SECONDS',
            remedy: 'make the idle limit the shorter one',
          },
        ]
      : []),
    ...(nodeEnv === 'production' && sessionStore === 'memory'
      ? [
          {
            option: 'sessionStore',
            problem: 'is memory: a restart would log everyone out, and a second node would know nobody',
            remedy: 'set SESSION_STORE to postgres, redis or memcached',
          },
        ]
      : []),
  ],
});
