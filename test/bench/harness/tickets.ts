import type { BenchApp } from '../row.js';

const PASSWORD = 'an engine weaves algebra';

/** The headers that carry a ticket. */
export type Ticket = Readonly<Record<string, string>>;

/** What a login takes, of a user whom {@link addUsers} has added. */
export function credentialsOf(at: number): { email: string; password: string } {
  return { email: `user-${String(at).padStart(6, '0')}@bench.example`, password: PASSWORD };
}

/** Users with the numbers from `from` on. */
export function addUsers(app: BenchApp, count: number, from = 0): Promise<void> {
  return app.order('addUsers', { from, count, password: PASSWORD });
}

/** Logs in, and tells what the client has then. */
export async function logIn(app: BenchApp, at: number): Promise<{ ticket: Ticket; refresh: string | null }> {
  const answer = await post(app, '/auth/login', { body: { ...credentialsOf(at) } });
  const { accessToken } = (await answer.json()) as { accessToken?: string };
  const cookies = answer.headers.getSetCookie().map((line) => line.split(';', 1)[0]!);
  const refresh = cookies.find((cookie) => cookie.includes('refresh=')) ?? null;
  if (accessToken) return { ticket: { authorization: `Bearer ${accessToken}` }, refresh };
  return { ticket: { cookie: cookies.find((cookie) => cookie.includes('session='))! }, refresh };
}

/** The tickets of as many users. */
export async function ticketsOf(app: BenchApp, count: number): Promise<Ticket[]> {
  await addUsers(app, count);
  const logins = [];
  for (let at = 0; at < count; at++) logins.push(await logIn(app, at));
  return logins.map(({ ticket }) => ticket);
}

/** @throws unless it succeeds */
export async function post(
  app: BenchApp,
  path: string,
  { headers = {}, body }: { headers?: Ticket; body?: object } = {},
): Promise<Response> {
  const type: Ticket = body ? { 'content-type': 'application/json' } : {};
  const sent = body ? { body: JSON.stringify(body) } : {};
  const answer = await fetch(app.url + path, { method: 'POST', headers: { ...type, ...headers }, ...sent });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}
