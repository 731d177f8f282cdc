import { cursorOf } from '../../../src/http/page-cursor.js';
import { credentialsOf, type Ticket } from '../harness/tickets.js';
import type { AppSettings, LoadPlan } from '../row.js';
import { cookieIn, KNOWN, type Served } from './side.js';

/** One thing that is asked for, by many one after the other. */
export interface Step {
  readonly name: string;
  /** What the p99 of the many must not exceed, in milliseconds, where more users are more to be found. Absent: it is compared with the few. */
  readonly most?: number;
  plan(served: Served): LoadPlan;
}

/** What is done with one kind of app. */
export interface Part {
  readonly title: string;
  readonly settings: AppSettings;
  readonly steps: readonly Step[];
}

const REQUESTS = 400;
/** Of those that are answered with a whole page. */
const PAGES = 400;
/** Before every session of a user. */
const NIL = '00000000-0000-0000-0000-000000000000';
const GIVEN =
  'ada,ben,carla,dennis,emre,fatima,grace,hedy,ivan,jun,karen,linus,maya,nadia,olga,priya,rosa,sofia,tim,zoe'.split(
    ',',
  );

const login: Step = {
  name: 'login, a known device, besides the hash',
  plan: (served) => ({
    ...{ method: 'POST', path: '/auth/login', requests: REQUESTS },
    body: served.devices.map((_, at) => JSON.stringify(credentialsOf(at))),
    headers: served.devices.map((cookie) => ({ cookie })),
    onAnswer: (answer, at) => {
      const text = answer.toString('latin1');
      const token = /"accessToken":"([^"]+)"/.exec(text)?.[1];
      const ticket: Ticket = token ? { authorization: `Bearer ${token}` } : { cookie: cookieIn(answer, 'session')! };
      served.held[at] = { ticket, refresh: cookieIn(answer, 'refresh') ?? '' };
    },
  }),
};

const steadyGet: Step = {
  name: 'authenticated GET, a known session',
  plan: ({ held }) => ({ path: '/me', requests: 4 * REQUESTS, headers: held.slice(0, 64).map(({ ticket }) => ticket) }),
};

const list: Step = {
  name: 'list of one’s sessions',
  plan: ({ held }) => ({ path: '/auth/sessions', requests: REQUESTS, headers: held.map(({ ticket }) => ticket) }),
};

const refresh: Step = {
  name: 'refresh',
  plan: (served) => ({
    ...{ method: 'POST', path: '/auth/refresh', requests: REQUESTS },
    headers: served.held.map((one) => ({ cookie: one.refresh })),
    onAnswer: (answer, at) => {
      served.held[at] = { ...served.held[at]!, refresh: cookieIn(answer, 'refresh')! };
    },
  }),
};

const logout: Step = {
  name: 'logout',
  plan: ({ held }) => ({
    ...{ method: 'POST', path: '/auth/logout', requests: REQUESTS, status: 204 },
    headers: held.map(({ ticket }) => ticket),
  }),
};

const firstGet: Step = {
  name: 'authenticated GET, a session never seen (view miss)',
  plan: ({ side }) => ({ path: '/me', requests: side.samples.tickets.length, headers: side.samples.tickets }),
};

/** Everything that is measured. */
export const parts: readonly Part[] = [
  { title: 'session', settings: { strategy: 'session' }, steps: [login, steadyGet, list, logout] },
  { title: 'jwt', settings: { strategy: 'jwt' }, steps: [login, steadyGet, refresh, list, logout] },
  { title: 'session', settings: { strategy: 'session', lookup: true }, steps: [firstGet] },
  { title: 'operators', settings: { strategy: 'session' }, steps: adminSteps() },
];

function adminSteps(): Step[] {
  const search = (text: string) => `/admin/users?search=${encodeURIComponent(text)}`;
  const known = Array.from({ length: KNOWN }, (_, at) => search(credentialsOf(at).email.slice(0, 11)));
  const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString();
  const times = Array.from({ length: 100 }, (_, i) => `/admin/audit?from=${day(3 * i + 9)}&to=${day(3 * i + 3)}`);
  const all = (path: string, requests = PAGES) => reading(() => [path], requests);
  const each = (ids: (served: Served) => readonly string[], path: (id: string) => string, requests = PAGES) =>
    reading((served) => ids(served).map(path), requests);
  const users = ({ side }: Served) => side.samples.users;
  const events = ({ side }: Served) => side.samples.events;
  return [
    { name: 'search, one address', plan: reading(() => known) },
    // In both some fifty users are found: one in 400 is called so, and their addresses are numbered.
    {
      name: 'search, the beginning of an address',
      plan: reading(({ side }) =>
        GIVEN.map((name) => search(side.rows.users! < 200_000 ? `${name}.l` : `${name}.lovelace.1`)),
      ),
    },
    {
      name: 'search, a name and the beginning of another (62 found, and 2,500)',
      most: 200,
      plan: reading(() => GIVEN.flatMap((name) => [`${name}.l`, `${name} s`]).map(search)),
    },
    { name: 'search, the middle of a name', plan: reading(() => GIVEN.map((name) => search(name.slice(1, 4)))) },
    { name: 'search, a domain', plan: reading(() => [search('@bench.example')]) },
    { name: 'search, one letter', plan: reading(() => GIVEN.map((name) => search(name[0]!))) },
    { name: 'search, nobody', plan: reading(() => GIVEN.map((name) => search(`${name}zz`))) },
    { name: 'users who are active', plan: all('/admin/users?status=active') },
    { name: 'users who are banned', plan: all('/admin/users?status=banned') },
    { name: 'users who are unverified', plan: all('/admin/users?status=unverified') },
    { name: 'users, pages from anywhere', plan: each(users, (id) => `/admin/users?cursor=${cursorOf(id)}`) },
    { name: 'sessions of a user', plan: each(users, (id) => `/admin/users/${id}/sessions`) },
    {
      name: 'all live sessions, pages from anywhere',
      plan: each(users, (id) => `/admin/sessions?cursor=${cursorOf(id, 0, new Date(0), NIL)}`, 60),
    },
    { name: 'audit of a user', plan: each(users, (id) => `/admin/audit?userId=${id}`) },
    { name: 'audit of a type', plan: all('/admin/audit?type=login.failed') },
    { name: 'audit of a rare type', plan: all('/admin/audit?type=admin.') },
    { name: 'audit of some days', plan: reading(() => times) },
    { name: 'audit, pages from anywhere', plan: each(events, (id) => `/admin/audit?cursor=${cursorOf(id)}`) },
  ];
}

function reading(paths: (served: Served) => readonly string[], requests = PAGES): Step['plan'] {
  return (served) => ({ path: paths(served), headers: [served.admin], requests });
}
