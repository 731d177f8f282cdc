/** A page of the desk, and the JSON route that gives the same, where there is one. */
export interface Row {
  readonly page: string;
  readonly json?: string;
}

const list = (name: 'users' | 'audit', query = ''): Row => ({
  page: `/${name}?${query}`,
  json: `/admin/${name}?limit=50&${query}`,
});

/** Whom and what admins look for. */
export interface LookedFor {
  readonly userId: string;
  readonly adminId: string;
  readonly email: string;
  readonly address: string;
  readonly now: Date;
}

const DAY = 86_400_000;

/** Every list of the desk with every filter. */
export function rowsFor({ userId, adminId, email, address, now }: LookedFor): Row[] {
  const ago = (days: number) => new Date(now.getTime() - days * DAY).toISOString();
  const searches = [
    'ada',
    'ada.lo',
    'zz',
    'qx',
    'a',
    '@mail-7.example',
    '@rare.example',
    email,
    'Grace Hopper',
    'nobody has it',
  ];
  const filters = [
    'status=active',
    'status=banned',
    'status=unverified',
    'status=locked',
    'kind=service',
    'kind=person',
  ];
  const who = ['', `userId=${userId}`, `userId=${adminId}`, `actorId=${adminId}`, `ip=${address}`, 'ip=203.0.113.99'];
  const types = [
    '',
    'type=login.succeeded',
    'type=login.',
    'type=admin.',
    'type=impersonation.started',
    'type=no.such',
  ];
  const times = ['', `from=${ago(60)}&to=${ago(30)}`, `from=${ago(366)}`];
  const and = (...parts: string[]) => parts.filter(Boolean).join('&');
  return [
    list('users'),
    ...searches.map((search) => list('users', `search=${encodeURIComponent(search)}`)),
    ...filters.map((filter) => list('users', filter)),
    ...filters.map((filter) => list('users', `search=ada&${filter}`)),
    ...filters.map((filter) => list('users', `search=a&${filter}`)),
    ...filters.map((filter) => list('users', `search=qx&${filter}`)),
    ...filters.map((filter) => list('users', `search=${encodeURIComponent('@mail-7.example')}&${filter}`)),
    { page: '/sessions', json: '/admin/sessions?limit=50' },
    ...who.flatMap((one) => types.flatMap((type) => times.map((time) => list('audit', and(one, type, time))))),
    ...['hour', 'day', 'week', 'month', 'year'].map((span) => ({ page: `?span=${span}` })),
    ...['', '/sessions', '/log', '/factors'].map((tab) => ({ page: `/users/${userId}${tab}` })),
    { page: `/users/${adminId}/log` },
    { page: '/webhooks', json: '/admin/webhooks' },
    { page: '/end-everything' },
    { page: `/users/${userId}/delete` },
    { page: `/users/${userId}/log-out` },
  ];
}
