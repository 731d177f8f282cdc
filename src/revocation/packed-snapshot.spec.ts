import { type PackedSnapshot, SnapshotPacker } from './packed-snapshot.js';
import type { SessionSnapshot } from './session-view.js';

const instant = (second: number) => new Date(1_790_000_000_000 + second * 1000 + 7);

const whole: SessionSnapshot = {
  id: 'a-session',
  strategy: 'session',
  transport: 'split',
  secretHash: 'a-hash',
  createdAt: instant(0),
  authenticatedAt: instant(5),
  lastSeenAt: instant(60),
  idleExpiresAt: instant(604_860),
  absoluteExpiresAt: instant(2_592_000),
  ip: '2001:db8::1',
  userAgent: 'an agent',
  device: 'Firefox on Linux',
  amr: ['pwd', 'otp'],
  claims: { tenant: 'a', nested: { list: [1, null, 'x'] } },
  metadata: { till: 7 },
  endedAt: instant(0),
  user: {
    id: 'a-user',
    kind: 'person' as const,
    email: 'ada@example.com',
    emailVerified: true,
    name: 'Ada "\u00e9\u4e16\u{1f511}\u0000"',
    roles: ['admin'],
    createdAt: instant(-90_000_000),
    revision: 7,
    fields: { company: 'Zoë "\u0000"', tags: ['a'] },
    language: 'de',
  },
  userBannedUntil: null,
  impersonatorId: null,
  onlyFor: null,
  isSuperseded: true,
};

const bare: SessionSnapshot = {
  ...whole,
  claims: {},
  metadata: {},
  transport: null,
  secretHash: null,
  ip: null,
  userAgent: null,
  device: null,
  amr: [],
  endedAt: null,
  user: { ...whole.user, name: null, roles: [], emailVerified: false, fields: {}, language: null },
  userBannedUntil: new Date('2030-02-01T00:00:00.123Z'),
};

describe('a packed snapshot', () => {
  it.each([
    ['with everything', whole],
    ['with as little as there can be', bare],
  ])('is unpacked without loss, %s', (_what, snapshot) => {
    const packer = new SnapshotPacker();
    expect(packer.unpack('a-session', 'a-user', packer.pack(snapshot))).toEqual(snapshot);
  });

  it('lends no caller a list that others share: to change it fails', () => {
    const packer = new SnapshotPacker();
    const { user, amr } = packer.unpack('a-session', 'a-user', packer.pack(whole));
    expect(() => (user.roles as string[]).push('owner')).toThrow(TypeError);
    expect(() => (amr as string[]).push('hwk')).toThrow(TypeError);
  });

  it('shares what sessions have in common, and nothing else', () => {
    const packer = new SnapshotPacker();
    const one = packer.pack(whole);
    const alike = packer.pack({
      ...bare,
      userAgent: 'an agent',
      transport: whole.transport,
      device: whole.device,
      amr: whole.amr,
      user: whole.user,
    });
    const other = packer.pack({ ...whole, user: { ...whole.user, roles: ['reader'] } });
    expect(alike.common).toBe(one.common);
    expect(other.common).not.toBe(one.common);
    const roles = (packed: PackedSnapshot) => packer.unpack('a-session', 'a-user', packed).user.roles;
    expect([roles(one), roles(other)]).toEqual([['admin'], ['reader']]);
  });
});
