/**
 * Makes ../better-auth: users as better-auth itself stores them, by its own routes.
 *
 *   mkdir /tmp/better-auth && cd /tmp/better-auth && npm init -y && npm install --legacy-peer-deps better-auth@1.7.25 @better-auth/passkey@1.7.6
 *   (in the project) npm run build
 *   node make-better-auth.mjs /tmp/better-auth
 *
 * The passkey's private half, which no database has, is written to ../better-auth/authenticator.json for the test that uses it.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SoftwareAuthenticator } from '../../../../dist/src/testing/index.js';

const installed = createRequire(join(process.argv[2], 'package.json'));
const from = (name) => import(pathToFileURL(installed.resolve(name)));
const { betterAuth } = await from('better-auth');
const { memoryAdapter } = await from('better-auth/adapters/memory');
const { admin, twoFactor } = await from('better-auth/plugins');
const { passkey } = await from('@better-auth/passkey');
const { createOTP } = await from('@better-auth/utils/otp');

const OUT = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../better-auth');
const PASSWORDS = JSON.parse(readFileSync(join(OUT, '../passwords.json'), 'utf8'));
const ORIGIN = 'http://localhost:3000';
const SECRET = 'a BETTER_AUTH_SECRET that is kept in the environment';

function start(tables, secrets) {
  return betterAuth({
    baseURL: ORIGIN,
    ...secrets,
    database: memoryAdapter(tables),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    plugins: [admin(), twoFactor(), passkey({ rpID: 'localhost', origin: ORIGIN })],
  });
}

/** A browser: it keeps its cookies. */
function browserOf(auth) {
  const cookies = new Map();
  return async (method, path, body) => {
    const headers = { origin: ORIGIN, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    if (body) headers['content-type'] = 'application/json';
    const request = new Request(`${ORIGIN}/api/auth${path}`, { method, headers, body: body && JSON.stringify(body) });
    const reply = await auth.handler(request);
    for (const line of reply.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      cookies.set(name, value);
    }
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    return reply.json();
  };
}

async function signUp(auth, name, password = PASSWORDS.plain) {
  const browser = browserOf(auth);
  const { user } = await browser('POST', '/sign-up/email', {
    email: `${name}@better-auth.example`,
    password,
    name: 'Ada Lovelace',
  });
  return { browser, user };
}

async function enableApp({ browser }, confirm = true) {
  const { totpURI } = await browser('POST', '/two-factor/enable', { password: PASSWORDS.plain });
  const secret = new URL(totpURI).searchParams.get('secret');
  const base32 = (await from('@better-auth/utils/base32')).base32;
  const key = new TextDecoder().decode(base32.decode(secret));
  if (confirm) await browser('POST', '/two-factor/verify-totp', { code: await createOTP(key).totp() });
  return secret;
}

const tables = () => ({ user: [], account: [], session: [], verification: [], twoFactor: [], passkey: [] });
const db = tables();
const auth = start(db, { secret: SECRET });
for (const [name, password] of Object.entries(PASSWORDS)) await signUp(auth, name, password);
const proven = await signUp(auth, 'proven');
db.user.find(({ id }) => id === proven.user.id).emailVerified = true;
const withApp = await enableApp(await signUp(auth, 'with_app'));
await enableApp(await signUp(auth, 'half_enrolled'), false);

const holder = await signUp(auth, 'with_passkey');
const phone = new SoftwareAuthenticator({ origin: ORIGIN });
const options = await holder.browser('GET', '/passkey/generate-register-options');
await holder.browser('POST', '/passkey/verify-registration', { response: phone.create(options), name: 'Phone' });
const key = phone.newest();

const chief = await signUp(auth, 'chief');
db.user.find(({ id }) => id === chief.user.id).role = 'admin';
for (const [name, more] of [
  ['banned', { banReason: 'spam' }],
  ['banned_until', { banExpiresIn: 10 * 365 * 86_400 }],
]) {
  const { user } = await signUp(auth, name);
  await chief.browser('POST', '/admin/ban-user', { userId: user.id, ...more });
}
// Signed up with Google: better-auth's own row of a linked account, without a password.
const social = await signUp(auth, 'with_google');
Object.assign(
  db.account.find(({ userId }) => userId === social.user.id),
  { providerId: 'google', accountId: '110169484474386276334', password: null },
);

// With rotated secrets its ciphertexts name the version of their key.
const rotated = tables();
const later = start(rotated, { secrets: [{ version: 2, value: SECRET }] });
const rotatedApp = await enableApp(await signUp(later, 'rotated'));

mkdirSync(OUT, { recursive: true });
const write = (name, value) => writeFileSync(join(OUT, name), `${JSON.stringify(value, null, 1)}\n`);
const { user, account, twoFactor: apps, passkey: passkeys } = db;
write('tables.json', { user, account, twoFactor: apps, passkey: passkeys });
write('rotated.json', { user: rotated.user, account: rotated.account, twoFactor: rotated.twoFactor });
for (const [name, rows] of Object.entries({ user, account, 'two-factor': apps, passkey: passkeys })) {
  writeFileSync(join(OUT, `${name}.csv`), csvOf(rows));
}
write('secrets.json', { secret: SECRET, withApp, rotated: rotatedApp });
write('authenticator.json', {
  id: key.id.toString('base64url'),
  rpId: key.rpId,
  userHandle: key.userHandle,
  privateKey: key.key.privateKey.export({ format: 'pem', type: 'pkcs8' }),
});

/** As psql's `\copy "user" TO … CSV HEADER` writes it. */
function csvOf(rows) {
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const cell = (value) => {
    if (value === null || value === undefined) return '';
    if (typeof value === 'boolean') return value ? 't' : 'f';
    const text = value instanceof Date ? value.toISOString().replace('T', ' ').replace('Z', '+00') : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${[columns, ...rows.map((row) => columns.map((column) => row[column]))].map((row) => row.map(cell).join(',')).join('\n')}\n`;
}
