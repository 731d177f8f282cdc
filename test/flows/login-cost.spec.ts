import type { AuthTestApp } from '../../src/testing/index.js';
import { type ProtectedUser, protectedUser } from './authenticator-app.js';
import { bootService } from './combinations.js';

const ROUNDS = 80;
const MOST_MILLISECONDS = 5;

describe('what a second factor costs', () => {
  let app: AuthTestApp;
  let ada: ProtectedUser;
  let bob: { email: string; password: string };
  beforeAll(async () => {
    app = await bootService();
    [ada, bob] = [await protectedUser(app), await app.register()];
  }, 60_000);
  afterAll(() => app.close());

  it(`a login by password and TOTP takes at most ${MOST_MILLISECONDS} ms more than one by password, in the median`, async () => {
    const [one, two]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      one.push(await timed(() => byPassword()));
      const code = ada.code();
      two.push(await timed(() => byTotp(code)));
    }
    const [alone, both] = [median(one), median(two)];
    console.info(`login: by password ${alone.toFixed(2)} ms, by password and TOTP ${both.toFixed(2)} ms`);
    expect(both - alone).toBeLessThan(MOST_MILLISECONDS);
  }, 60_000);

  async function byPassword(): Promise<void> {
    const { body } = await app.client().post('/auth/login', bob);
    expect(body.status).toBe('authenticated');
  }

  async function byTotp(code: string): Promise<void> {
    const client = app.client();
    const { email, password } = ada;
    const { loginToken } = (await client.post('/auth/login', { email, password })).body;
    const { body } = await client.post('/auth/login/factor', { loginToken, factor: 'totp', code });
    expect(body.status).toBe('authenticated');
  }
});

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]!;
}
