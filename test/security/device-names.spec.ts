import { deviceName } from '../../src/sessions/device-name.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const LURE = 'Your account was used by a stranger. Secure it at https://evil.example/login within 24 hours/9 (x) ';

describe('a device', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootService();
  });
  afterAll(() => app.close());

  it.each([LURE, `${LURE}${'x'.repeat(9000)}`, 'Call +1 555 0100/1', 'evil.example/1.0'])(
    'is called nothing that its user agent chooses, in mails and lists (%#)',
    async (agent) => {
      expect(deviceName(agent)).toBe(null);
      const user = await app.logIn();
      const client = app.client({ 'user-agent': agent });
      const { status } = await client.post('/auth/login', { email: user.email, password: user.password });
      expect(status).toBe(200);
      const told = (await app.mails(user.email)).filter(({ subject }) => subject === 'New sign-in to your account');
      expect(told[0]!.text).toContain('Device: unknown.');
      for (const { text, html } of told) expect(`${text}${html}`).not.toMatch(/evil|0100|stranger/);
      const { sessions } = (await client.get('/auth/sessions')).body;
      expect(sessions.map(({ device }: { device: string }) => device)).not.toContain(agent);
      const { devices } = (await client.get('/auth/devices')).body;
      for (const { device } of devices) expect(device).toBe(null);
    },
  );

  it('is called by names of a closed list, also beside what is not in it', () => {
    expect(deviceName(FIREFOX)).toBe('Firefox on Linux');
    expect(deviceName('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36')).toBe(
      'Chrome on Windows',
    );
    expect(deviceName('evil.example/1.0 (X11; Linux x86_64)')).toBe('Linux');
    expect(deviceName(null)).toBe(null);
  });
});
