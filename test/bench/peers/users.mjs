// Users in PostgreSQL (BENCH_USERS) for those who bring no users of their own, and their passwords: argon2id with the parameters that
// Coatcheck takes by default, or, when only tickets are needed, a hash that costs nothing.
import argon2 from 'argon2';
import pg from 'pg';
import { userAt } from './serve.mjs';

const PARAMETERS = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const isReal = process.env.BENCH_REAL_HASHES === '1';
const pool = process.env.BENCH_USERS ? new pg.Pool({ connectionString: process.env.BENCH_USERS, max: 10 }) : null;
await pool?.query(
  'CREATE TABLE IF NOT EXISTS bench_users (id uuid PRIMARY KEY, email text UNIQUE, name text, password_hash text)',
);

/** Users with the numbers from `from` on, all with the same password. */
export async function addUsers({ from, count, password }) {
  const hash = isReal ? await argon2.hash(password, PARAMETERS) : `free:${password}`;
  for (let at = from; at < from + count; at++) {
    const { id, email, name } = userAt(at);
    const insert = 'INSERT INTO bench_users VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING';
    await pool.query(insert, [id, email, name, hash]);
  }
}

/** Null unless there is such a user with this password. */
export async function userWith(email, password) {
  const { rows } = await pool.query('SELECT id, email, name, password_hash FROM bench_users WHERE email = $1', [email]);
  const [found] = rows;
  if (!found) return null;
  const { password_hash: hash, ...user } = found;
  const matches = isReal ? await argon2.verify(hash, String(password)) : hash === `free:${password}`;
  return matches ? user : null;
}
