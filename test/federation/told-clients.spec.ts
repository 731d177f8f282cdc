import { randomUUID } from 'node:crypto';
import { FederatedEnds } from '../../src/factors/federated/recheck/federated-ends.js';
import { BackChannelLogout } from '../../src/oauth/logout/back-channel-logout.js';
import { SessionClients } from '../../src/oauth/logout/session-clients.js';
import { type AuthTestApp, type FakeProvider, startFakeProvider } from '../../src/testing/index.js';
import { bootService, overStores } from '../flows/combinations.js';
import { Granting } from '../oauth/granting.js';
import { LogoutReceiver } from '../oauth/logout-receiver.js';
import { type RestedSession, RestedSessions } from './rested-sessions.js';

const PAST_THE_INTERVAL_SECONDS = 3_961;

overStores((store) => {
  describe('a client that a session has logged in to', () => {
    let app: AuthTestApp;
    let provider: FakeProvider;
    let on: RestedSessions;
    let granting: Granting;
    let receiver: LogoutReceiver;
    let clientId: string;
    let connectionId: string;
    beforeAll(async () => {
      app = await bootService({ authStrategies: ['session', 'oauth'], sessionStore: store, newDeviceNotice: false });
      provider = await startFakeProvider({ clock: app.clock });
      on = new RestedSessions(app, provider);
      granting = new Granting(app);
      receiver = await LogoutReceiver.start(app);
      clientId = await granting.client({ backchannelLogoutUri: receiver.uri });
      connectionId = await on.connect({}, 'them');
    });
    afterAll(async () => {
      await receiver.stop();
      await provider.stop();
      await app.close();
    });
    beforeEach(() => {
      receiver.told.length = 0;
    });

    it.each<[what: string, end: (session: RestedSession) => Promise<unknown>]>([
      [
        'the provider logs the user out',
        ({ person }) => provider.sendLogout(`${app.url}/auth/federated/them/logout`, { person }),
      ],
      [
        'the provider no longer lets the user in, at the next look',
        async ({ person }) => {
          provider.revoke({ person });
          app.clock.advance(PAST_THE_INTERVAL_SECONDS);
          await on.look();
        },
      ],
      [
        'an admin switches the connection off',
        ({ loginId: _ }) => on.part(FederatedEnds).end({ connectionId }, 'federated_connection_disabled'),
      ],
    ])('hears of its end when %s', async (_, end) => {
      const session = await on.logIn({ connectionId, strategy: 'session' });
      const { userId, sessionId } = session.user;
      const sid = randomUUID();
      const grantId = await granting.grant(session.user as never, clientId);
      await on.part(SessionClients).note({ sessionId, clientId, userId, sid, grantId });
      await end(session);
      expect(await on.outcomes([session])).toEqual([401]);
      await on.part(BackChannelLogout).deliverDue();
      expect(receiver.told.map(({ claims }) => [claims.sid, claims.sub])).toEqual([[sid, userId]]);
      expect(await granting.row(grantId)).toMatchObject({ end_reason: 'session_ended' });
    });
  });
});
