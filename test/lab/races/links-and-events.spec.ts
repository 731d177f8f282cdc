import {
  type AuthTestApp,
  type FakeProvider,
  startFakeProvider,
  type TestReply,
  type TestUser,
} from '../../../src/testing/index.js';
import { endOf, Federation } from '../../federation/setting.js';
import { bootService } from '../../flows/combinations.js';
import { EVENTS, expectedExtent } from '../../security/decided-table.js';
import { LINKS, type Link, LinkOwner } from '../../security/link-races.js';
import { isLong } from '../harness/form.js';

/** `LAB_FORM=long npx jest test/security/races`, with `LAB_ROUNDS` if fewer are wanted. */
const ROUNDS = isLong ? Number(process.env.LAB_ROUNDS ?? 200) : 2;
const LANES = 2;
/** Longer than the way of a request to the lock of the user's row. */
const SPREAD_MILLISECONDS = 12;

interface Event {
  /** From a former mailbox `not_me` takes the change of address back too. */
  readonly audited: string | readonly string[];
  readonly isUnproven?: boolean;
  readonly needsSession?: boolean;
  /** The link it is made of, which cannot race with itself; and those after which it is another event. */
  readonly apart?: readonly Link[];
  happen(owner: LinkOwner): Promise<TestReply>;
}

const byAdmin = (audited: string, method: string, path: string, body?: object): Event => ({
  audited,
  happen: (owner) => owner.byAdmin(method, path, body),
});
const bySession = (audited: string, happen: Event['happen']): Event => ({ audited, needsSession: true, happen });
const logOut = (keepCurrent: boolean) =>
  bySession(keepCurrent ? 'logout.others' : 'logout.everywhere', (owner) =>
    owner.bySession('/auth/logout-all', { keepCurrent }),
  );

const SPA = 'https://app.example.com';
let provider: FakeProvider;

/** By a provider whose word is taken for the address. */
async function logInElsewhere({ app, email }: LinkOwner): Promise<TestReply> {
  provider.addPerson({ email, emailVerified: true });
  const reply = await new Federation(app).logIn(app.client(), 'elsewhere', { email, returnTo: SPA });
  return { ...reply, status: endOf(reply).said.error === undefined ? 204 : 401 };
}

const RACERS: Readonly<Record<string, Event>> = {
  mailbox_proven: {
    audited: 'email.verified',
    isUnproven: true,
    apart: ['reset'],
    happen: (owner) => owner.use('reset'),
  },
  mailbox_proven_elsewhere: { audited: 'email.verified', apart: ['verify', 'reset'], happen: logInElsewhere },
  password_changed: bySession('password.changed', (owner) => owner.changePassword()),
  password_reset: { audited: 'password.reset', apart: ['reset'], happen: (owner) => owner.use('reset') },
  email_changed: { audited: 'email.changed', apart: ['confirm'], happen: (owner) => owner.use('confirm') },
  email_change_undone: {
    audited: 'email.change_undone',
    happen: (owner) => owner.use('undo', owner.links.otherUndo),
  },
  not_me: {
    audited: ['takeover.reported', 'email.change_undone'],
    apart: ['notMe'],
    happen: (owner) => owner.use('notMe'),
  },
  email_changed_by_admin: {
    audited: 'email.changed_by_admin',
    happen: (owner) => owner.byAdmin('PATCH', '', { email: `by-admin-${owner.email}` }),
  },
  factors_reset: byAdmin('factor.reset', 'POST', '/factor-reset'),
  logged_out_others: logOut(true),
  logged_out_everywhere: logOut(false),
  logged_out_by_admin: byAdmin('logout.by_admin', 'POST', '/logout'),
  banned: byAdmin('user.banned', 'POST', '/ban', {}),
  deleted: byAdmin('user.deleted', 'DELETE', ''),
};
/** No link is good after it, whoever is locked: `all_revoked` moves an epoch of its own, and has no user to lock. */
const WITHOUT_A_USER = ['all_revoked', 'mailbox_proven_again'];

const ends = (event: string, link: Link) => ['all', 'since'].includes(expectedExtent(event, LINKS[link].column));
const PAIRS = Object.entries(RACERS).flatMap(([event, racer]) =>
  (Object.keys(LINKS) as Link[])
    .filter((link) => ends(event, link) && !racer.apart?.includes(link))
    .map((link) => ({ event, link, racer })),
);

describe('a link and an event that ends it', () => {
  let app: AuthTestApp;
  let admin: TestUser;
  beforeAll(async () => {
    const corsOrigins = [SPA];
    app = await bootService({
      authStrategies: ['session'],
      emailVerification: 'optional',
      databasePoolSize: 8,
      corsOrigins,
    });
    provider = await startFakeProvider({ clock: app.clock });
    provider.chosen = (asked) => provider.people.find(({ email }) => email === asked.get('login_hint'))!;
    await new Federation(app).connect(provider, { slug: 'elsewhere', vouchesForEmail: true });
    admin = await app.logIn({ transport: 'cookie', changes: { roles: ['admin'] } });
  });
  afterAll(async () => {
    await app.close();
    await provider.stop();
  });

  const ownerFor = async ({ isUnproven = false, needsSession = false }: Event) => {
    const owner = await LinkOwner.make(app, admin, isUnproven);
    if (needsSession) await owner.logIn();
    return owner;
  };
  const isDone = ({ status }: TestReply) => status === 200 || status === 204;

  it('are all there are', () => {
    const rest = EVENTS.filter((event) => !(event in RACERS) && !WITHOUT_A_USER.includes(event));
    for (const event of rest) for (const link of Object.keys(LINKS) as Link[]) expect(ends(event, link)).toBe(false);
    expect(PAIRS).toHaveLength(56);
  });

  it.each(PAIRS)('$link against $event: the one that locks the user first is done', async ({ link, racer }) => {
    const [late, early] = [await ownerFor(racer), await ownerFor(racer)];
    const [done, refused] = await late.inTurn(
      () => racer.happen(late),
      () => late.use(link),
    );
    expect(isDone(done!)).toBe(true);
    // Good when it was looked at, and ended when its turn came.
    expect([refused!.status, refused!.body.code]).toEqual([400, 'invalid_token']);
    const [used, after] = await early.inTurn(
      () => early.use(link),
      () => racer.happen(early),
    );
    expect(isDone(used!)).toBe(true);
    expect([200, 204, 400, 401]).toContain(after!.status);
  });

  it.each(PAIRS)(`$link against $event, at any moment: the link never after it, ${ROUNDS} rounds`, async (pair) => {
    const { link, racer } = pair;
    const violations: string[] = [];
    const round = async () => {
      const owner = await ownerFor(racer);
      const soon = () => new Promise((resolve) => setTimeout(resolve, Math.random() * SPREAD_MILLISECONDS));
      const [used, happened] = await Promise.all([
        soon().then(() => owner.use(link)),
        soon().then(() => racer.happen(owner)),
      ]);
      const told = `${used.status} and ${happened.status}`;
      if (used.status >= 500 || happened.status >= 500) violations.push(told);
      if (!isDone(used) && !isDone(happened)) violations.push(`neither: ${told}`);
      if (!isDone(used) || !isDone(happened) || link === 'unlock') return;
      const history = await owner.history();
      const uses: readonly string[] = LINKS[link].uses;
      const [first, second] = history.filter((type) => uses.includes(type) || racer.audited.includes(type));
      if (!uses.includes(first!) || !racer.audited.includes(second!)) violations.push(`${told}: ${history.join(', ')}`);
    };
    for (let done = 0; done < ROUNDS; done += LANES) await Promise.all(Array.from({ length: LANES }, round));
    expect(violations).toEqual([]);
  });
});
