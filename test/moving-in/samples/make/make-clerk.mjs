/**
 * Makes ../clerk. Clerk is a service, and its exports cannot be made here: the columns are those of the dashboard's CSV and the members those of the Backend API, both as
 * documented and as published importers read them; the hashes are made by the package bcrypt (Clerk's own form) and taken from the samples of the
 * other systems (forms that Clerk keeps of users who once moved to it). A second implementation, no golden sample.
 *
 *   node make-clerk.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import bcrypt from 'bcrypt';

const at = (path) => new URL(path, import.meta.url);
const PASSWORDS = JSON.parse(readFileSync(at('../passwords.json'), 'utf8'));
const django = JSON.parse(readFileSync(at('../django/dumpdata.json'), 'utf8'));
const hashOf = (username) => django.find(({ fields }) => fields.username === username).fields.password;
const phpass = /phpass\.plain,(\$P\$[^,]+)/.exec(readFileSync(at('../wordpress/wp_users.csv'), 'utf8'))[1];
const [, iterations, salt, key] = hashOf('pbkdf2_sha256.plain').split('$');
const sha1 = hashOf('pbkdf2_sha1.plain').split('$');
const FIREBASE =
  'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==$42xEC+ixf3L2lw==$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$Bw==$8$14';

const COLUMNS =
  'id,first_name,last_name,username,primary_email_address,primary_phone_number,verified_email_addresses,unverified_email_addresses,verified_phone_numbers,unverified_phone_numbers,totp_secret,password_digest,password_hasher'.split(
    ',',
  );
const rows = [];
function add(name, more = {}) {
  const address = `${name}@clerk.example`;
  rows.push({
    id: `user_${name}`,
    first_name: 'Ada',
    last_name: 'Lovelace',
    primary_email_address: address,
    verified_email_addresses: address,
    ...more,
  });
}
for (const [name, password] of Object.entries(PASSWORDS))
  add(name, { password_digest: await bcrypt.hash(password, 4), password_hasher: 'bcrypt' });
const plain = { password_digest: rows[0].password_digest, password_hasher: 'bcrypt' };
const digest = (password_hasher, password_digest) => ({ password_digest, password_hasher });
add('of_django_bcrypt', digest('bcrypt_sha256_django', hashOf('bcrypt_sha256.plain')));
add('of_django_pbkdf2', digest('pbkdf2_sha256_django', hashOf('pbkdf2_sha256.plain')));
add('of_pbkdf2', digest('pbkdf2_sha256', `pbkdf2_sha256$${iterations}$${Buffer.from(salt).toString('base64')}$${key}`));
add(
  'of_pbkdf2_sha1',
  digest('pbkdf2_sha1', [...sha1.slice(0, 3), Buffer.from(sha1[3], 'base64').toString('hex')].join('$')),
);
add('of_argon2', digest('argon2id', hashOf('argon2.plain').replace('argon2$', '$')));
add('of_phpass', digest('phpass', phpass));
add('of_firebase', digest('scrypt_firebase', FIREBASE));
add('of_md5', digest('md5', '9cc2ae8a1ba7a93da39b46fc1019c481'));
add('with_app', { ...plain, totp_secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' });
add('unverified', { ...plain, verified_email_addresses: '', unverified_email_addresses: 'unverified@clerk.example' });
add('with_two', { ...plain, verified_email_addresses: 'with_two@clerk.example,other@clerk.example', username: 'two' });
add('with_google', {});
add('banned', plain);
add('locked', plain);
rows.push({ id: 'user_phone', primary_phone_number: '+15550100', verified_phone_numbers: '+15550100' });
const cell = (text = '') => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const lines = [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column]))].map((row) =>
  row.map(cell).join(','),
);
writeFileSync(at('../clerk/users.csv'), `${lines.join('\n')}\n`);

const CREATED = Date.UTC(2019, 4, 4, 9);
const listed = rows.map(
  ({ id, first_name = null, last_name = null, username = null, primary_email_address, ...row }) => {
    const addresses = [
      ...new Set(`${row.verified_email_addresses ?? ''},${row.unverified_email_addresses ?? ''}`.split(',')),
    ]
      .filter((address) => address !== '')
      .map((email_address, index) => ({
        id: `idn_${id}_${index}`,
        object: 'email_address',
        email_address,
        verification: { status: row.verified_email_addresses?.includes(email_address) ? 'verified' : 'unverified' },
      }));
    return {
      id,
      object: 'user',
      username,
      first_name,
      last_name,
      primary_email_address_id:
        addresses.find(({ email_address }) => email_address === primary_email_address)?.id ?? null,
      primary_phone_number_id: primary_email_address ? null : 'idn_phone',
      email_addresses: addresses,
      phone_numbers: primary_email_address ? [] : [{ id: 'idn_phone', phone_number: '+15550100' }],
      external_accounts:
        id === 'user_with_google'
          ? [{ object: 'google_account', provider: 'oauth_google', provider_user_id: '110169484474386276334' }]
          : [],
      password_enabled: row.password_digest !== undefined,
      two_factor_enabled: row.totp_secret !== undefined,
      totp_enabled: row.totp_secret !== undefined,
      backup_code_enabled: row.totp_secret !== undefined,
      banned: id === 'user_banned',
      locked: id === 'user_locked',
      lockout_expires_in_seconds: null,
      created_at: CREATED,
      updated_at: CREATED,
    };
  },
);
writeFileSync(at('../clerk/users.json'), `${JSON.stringify(listed, null, 1)}\n`);
