import { bootService } from './combinations.js';

describe('the address a session was started from', () => {
  const loginFrom = async (options: object, forwarded: string) => {
    const app = await bootService(options);
    const { email, password } = await app.register();
    const reply = await app.client({ 'x-forwarded-for': forwarded }).post('/auth/login', { email, password });
    await app.close();
    return [reply.status, reply.body.session?.ip];
  };

  it('is the connection’s, whatever the client writes, while no proxy is trusted', async () => {
    expect(await loginFrom({}, '203.0.113.7')).toEqual([200, '127.0.0.1']);
  });

  it('is what a trusted proxy says', async () => {
    expect(await loginFrom({ trustedProxies: ['127.0.0.1'] }, '198.51.100.1, 203.0.113.7')).toEqual([
      200,
      '203.0.113.7',
    ]);
  });

  it.each(['unknown', 'a'.repeat(60), '"quoted" <x>', '1.2.3.4:5555'])(
    'is unknown when a trusted proxy passes on %j',
    async (forwarded) => {
      expect(await loginFrom({ trustedProxies: ['127.0.0.1'] }, forwarded)).toEqual([200, null]);
    },
  );
});
