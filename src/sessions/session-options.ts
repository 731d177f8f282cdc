import { defineOptions, flag, integer, seconds, text } from '../config/option-section.js';

export interface SessionOptions {
  readonly sessionStore: string;
  readonly sessionIdleSeconds: number;
  readonly sessionAbsoluteSeconds: number;
  readonly sessionsPerUser: number;
  readonly sessionMetadataShown: boolean;
  readonly refreshGraceSeconds: number;
  readonly hintCookie: boolean;
}

const DAY = 86_400;

export const sessionOptions = defineOptions<SessionOptions>({
  title: 'Sessions',
  specs: {
    sessionStore: text({
      isShown: true,
      default: 'postgres',
      shape: 'postgres | redis | memcached | memory',
      matches: /^[a-z][a-z0-9-]*$/,
      description:
        'Where sessions and refresh tokens are stored. `memory` works for a single process only and loses everything when it stops.',
    }),
    sessionIdleSeconds: seconds({
      default: 7 * DAY,
      min: 60,
      max: 365 * DAY,
      description: 'A session expires after this time without use.',
    }),
    sessionAbsoluteSeconds: seconds({
      default: 30 * DAY,
      min: 60,
      max: 400 * DAY,
      description: 'A session expires at this age, even if it is in use.',
    }),
    sessionsPerUser: integer({
      default: 100,
      min: 1,
      max: 1000,
      description:
        'Maximum live sessions per user. A further login ends the oldest one. Sessions in which an admin acts as the user count too.',
    }),
    refreshGraceSeconds: seconds({
      default: 30,
      min: 0,
      max: 60,
      description:
        'How long a used refresh token may be sent again by a client that lost the response, until its successor is used. Longer, as long as the session lives, until anything of the new pair is used. 0: not at all.',
    }),
    hintCookie: flag({
      default: false,
      description:
        'Whether the cookies of a session are accompanied by `coatcheck-hint`, which scripts may read: 8 hex digits that change with the session. It proves nothing.',
    }),
    sessionMetadataShown: flag({
      default: false,
      description: 'Whether users see the metadata that the application stores with their sessions.',
    }),
  },
  validate: ({ sessionIdleSeconds, sessionAbsoluteSeconds, sessionStore, nodeEnv }) => [
    ...(sessionIdleSeconds > sessionAbsoluteSeconds
      ? [
          {
            option: 'sessionIdleSeconds',
            problem: 'is longer than SESSION_ABSOLUTE_SECONDS',
            remedy: 'make it shorter than SESSION_ABSOLUTE_SECONDS',
          },
        ]
      : []),
    ...(nodeEnv === 'production' && sessionStore === 'memory'
      ? [
          {
            option: 'sessionStore',
            problem: 'is memory: a restart would end every session, and a second node would not know them',
            remedy: 'set SESSION_STORE to postgres, redis or memcached',
          },
        ]
      : []),
  ],
});
