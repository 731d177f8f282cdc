import { bootService } from './combinations.js';

describe('sessions from before the mailbox was proven', () => {
  it.each(['session', 'jwt'] as const)('end when its owner proves it (%s)', async (strategy) => {
    const app = await bootService({ emailVerification: 'optional', authStrategies: [strategy] });
    const victim = 'victim@example.com';
    const attack = { email: victim, password: 'planted by an attacker' };
    await app.client().post('/auth/register', attack);
    const attacker = await app.logInAgain({ ...attack, transport: 'body' });
    expect((await attacker.get('/auth/me')).status).toBe(200);

    const own = { email: victim, password: 'chosen by the owner' };
    await app.client().post('/auth/register', own);
    const token = await app.mailedToken(victim);
    expect((await app.client().post('/auth/email/verify', { token })).status).toBe(204);

    expect((await attacker.get('/auth/me')).body.code).toBe('session_ended');
    expect((await app.client().post('/auth/login', attack)).status).toBe(401);
    expect((await app.client().post('/auth/login', own)).status).toBe(200);
    await app.close();
  });
});
