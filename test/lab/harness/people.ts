import { randomUUID } from 'node:crypto';
import { hash } from 'argon2';
import { Pool } from 'pg';

/** Somebody who can log in, and where they sit. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  /** A client address that nobody else has: limits are per address. */
  readonly ip: string;
}

const PASSWORD = 'an engine weaves algebra';

/** Fills the database with verified users; registering each would cost more than what is to be measured. */
export class People {
  private readonly pool: Pool;
  private readonly hashes = new Map<number, Promise<string>>();
  private count = 0;

  /** @param memoryKib of the hashes, the same as the nodes', or the first login would renew each */
  constructor(
    databaseUrl: string,
    private readonly memoryKib: number,
  ) {
    this.pool = new Pool({ connectionString: databaseUrl, max: 2 });
    // The database may be killed under it.
    this.pool.on('error', () => undefined);
  }

  async make(count: number, roles: readonly string[] = []): Promise<Person[]> {
    const people = Array.from({ length: count }, () => this.another());
    const ids = people.map(({ id }) => id);
    await this.pool.query(
      `WITH made AS (
         INSERT INTO coatcheck.users (id, email, email_verified_at, roles, created_at)
         SELECT id, email, now(), $3, now() FROM unnest($1::uuid[], $2::text[]) AS wanted (id, email) RETURNING id)
       SELECT count(*) FROM made`,
      [ids, people.map(({ email }) => email), roles],
    );
    await this.pool.query(
      'INSERT INTO coatcheck.passwords (user_id, password_hash, changed_at) SELECT id, $2, now() FROM unnest($1::uuid[]) AS id',
      [ids, await this.hashed()],
    );
    return people;
  }

  /** Nobody yet: an address and a place to sit. */
  another(): Person {
    const number = this.count++;
    const ip = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
    const email = `person-${String(number).padStart(6, '0')}@races.example`;
    return { id: randomUUID(), email, password: PASSWORD, ip };
  }

  async query<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query(sql, values)).rows as Row[];
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private hashed(): Promise<string> {
    const known =
      this.hashes.get(this.memoryKib) ?? hash(PASSWORD, { memoryCost: this.memoryKib, timeCost: 2, parallelism: 1 });
    this.hashes.set(this.memoryKib, known);
    return known;
  }
}
