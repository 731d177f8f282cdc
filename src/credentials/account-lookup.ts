import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { NIL } from 'uuid';
import { prepared } from '../database/prepared.js';
import { rowOf } from '../database/rows-together.js';
import { selected, type Table } from '../database/table-of.js';
import { SessionEpochs } from '../sessions/session-epochs.js';
import { type UserRecord, UserStore, type UserTable } from '../users/user.store.js';
import type { AccountState } from './account-state.js';
import { Enrolments } from './enrolments.js';

/** A factor's table with one row a user, at most; its key is the property `userId`. */
export interface CredentialTable<C> extends Table<Extract<keyof C, string>> {
  readonly dataSource: DataSource;
}

/** The account found under an address. */
export interface FoundAccount<C> {
  readonly user: UserRecord | null;
  readonly credential: C | null;
  readonly state: AccountState;
}

/** Finds what a login begins with: in one statement where all of it is in our database, else one after the other. */
@Injectable()
export class AccountLookup {
  constructor(
    private readonly users: UserStore,
    private readonly enrolments: Enrolments,
    private readonly epochs: SessionEpochs,
  ) {}

  /**
   * How to find by a canonical address. Costs the same whether or not a user has it.
   *
   * @param table null: only `find` knows where the credentials are
   * @param find finds a user's credential by id; asked for the nil UUID where there is no user
   */
  finderFor<C>(
    table: CredentialTable<C> | null,
    find: (userId: string) => Promise<C | null>,
  ): (email: string) => Promise<FoundAccount<C>> {
    const users = this.users.table;
    if (table && users?.dataSource === table.dataSource) return joined(table, users);
    return async (email) => {
      const user = await this.users.findByEmail(email);
      const id = user?.id ?? NIL;
      // Not before the user: neither may be older than their epoch.
      const [credential, enrolled, globalEpoch] = await Promise.all([
        find(id),
        this.enrolments.of(id),
        this.epochs.globalEpoch(),
      ]);
      return { user, credential: user && credential, state: { enrolled, globalEpoch } };
    };
  }
}

const USER = 'user.';
const CREDENTIAL = 'credential.';
const ABSENT = 'absent.';

/**
 * As many values of the same types as a user with a password has. Where there is no user they are sent and read in their place: the time of
 * a refusal must not tell.
 */
const STAND_INS = [
  ...Array(2).fill(`'${NIL}'::uuid`),
  ...Array(3).fill(`repeat('-', 24)`),
  `repeat('-', 97)`,
  ...Array(4).fill('now()'),
  `'{}'::text[]`,
  `'{}'::jsonb`,
  ...Array(3).fill('1'),
];

type Row = Record<string, unknown>;

/** One statement: the enrolments and the epoch are as of the same instant as the user, so neither can be older than their epoch. */
function joined<C>(table: CredentialTable<C>, users: UserTable): (email: string) => Promise<FoundAccount<C>> {
  const key = table.columns['userId' as Extract<keyof C, string>];
  // Where there is no user, an index is asked for one as well.
  const id = `coalesce(owner.id, '${NIL}')`;
  const absent = STAND_INS.map((value, i) => `CASE WHEN owner.id IS NULL THEN ${value} END AS "${ABSENT}${i}"`);
  const statement = prepared(`
    SELECT ${selected('owner', users.columns, USER)}, ${selected('held', table.columns, CREDENTIAL)},
           ${absent.join(', ')},
           (SELECT array_agg(factor) FROM coatcheck.enrolments WHERE user_id = ${id}) AS enrolled,
           (SELECT epoch FROM coatcheck.global_session_epoch) AS "globalEpoch"
      FROM (VALUES (1)) AS one
      LEFT JOIN ${users.name} owner ON owner."${users.columns.email}" = $1
      LEFT JOIN ${table.name} held ON held."${key}" = ${id}`);
  return async (email) => {
    const row = await rowOf<Row>(table.dataSource, statement, [email]);
    const { enrolled, globalEpoch } = row as { enrolled: string[] | null; globalEpoch: number };
    const user = read<UserRecord>(row, USER, users.columns, 'id');
    const credential = read<C>(row, CREDENTIAL, table.columns, 'userId');
    return { user, credential, state: { enrolled: enrolled ?? [], globalEpoch } };
  };
}

/** Null where the join found none. */
function read<T>(row: Row, prefix: string, columns: Readonly<Record<string, string>>, key: string): T | null {
  const found = Object.fromEntries(Object.keys(columns).map((name) => [name, row[prefix + name]])) as T;
  return row[prefix + key] === null ? null : found;
}
