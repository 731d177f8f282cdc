import type { AuthTestApp, TestClient } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';

const NEW_PASSWORD = 'nine quiet walruses sing';

describe('L-4: the notice of a new sign-in', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootService({ authStrategies: ['session'] });
  });
  afterAll(() => app.close());

  const notifications = async (email: string) =>
    (await app.mails(email)).filter(({ subject }) => subject === 'New sign-in to your account').length;
  const logIn = async (client: TestClient, email: string, password = NEW_PASSWORD) => {
    const { status } = await client.post('/auth/login', { email, password });
    expect(status).toBe(200);
    return notifications(email);
  };
  const reset = async (email: string) => {
    await app.client().post('/auth/password/forgot', { email });
    const body = { token: await app.mailedToken(email), password: NEW_PASSWORD };
    expect((await app.client().post('/auth/password/reset', body)).status).toBe(204);
  };

  it('is sent for the first login after a reset, and not for the next one of the browser that was used before', async () => {
    const ada = await app.logIn();
    await reset(ada.email);
    const stranger = app.client();
    expect(await logIn(stranger, ada.email)).toBe(1);
    expect(await logIn(ada.copy(), ada.email)).toBe(1);
    expect(await logIn(stranger, ada.email)).toBe(1);
  });

  it('is sent for the first login from elsewhere after a change of the password, and not for that of the same browser', async () => {
    const ada = await app.logIn();
    const change = { currentPassword: ada.password, newPassword: NEW_PASSWORD };
    expect((await ada.post('/auth/password/change', change)).status).toBe(204);
    expect(await logIn(ada.copy(), ada.email)).toBe(0);
    expect(await logIn(app.client(), ada.email)).toBe(1);
  });

  it('is sent when a browser only claims to have been used before: by another user, with another secret', async () => {
    const [ada, eve] = [await app.logIn(), await app.logIn()];
    await reset(ada.email);
    expect(await logIn(eve.copy(), ada.email)).toBe(1);
    const forged = app.client();
    forged.setCookie('device', `${ada.cookie('device')!.slice(0, 37)}${'A'.repeat(43)}`);
    expect(await logIn(forged, ada.email)).toBe(2);
  });

  it('is not sent for the very first login, and again for a browser that its user has forgotten', async () => {
    const ada = await app.logIn();
    expect(await notifications(ada.email)).toBe(0);
    const other = app.client();
    expect(await logIn(other, ada.email, ada.password)).toBe(1);
    const { body } = await ada.get('/auth/devices');
    for (const { id } of body.devices) await ada.delete(`/auth/devices/${id}`);
    expect(await logIn(other, ada.email, ada.password)).toBe(1);
    expect(await logIn(app.client(), ada.email, ada.password)).toBe(2);
  });
});
