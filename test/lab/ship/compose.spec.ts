import { request } from 'node:https';
import { People, type Person } from '../harness/people.js';
import { Composed } from './composed.js';

const ROUNDS = 6;
let composed: Composed;
let people: People;

beforeAll(async () => {
  composed = await Composed.up();
  people = new People(composed.database.url, 19_456);
});
afterAll(async () => {
  await people?.close();
  await composed?.down();
});

describe('compose.yaml, as processes of one machine', () => {
  it('is well: the proxy, and behind it a node that can serve', async () => {
    expect((await fetch(`http://127.0.0.1:${composed.ports.health}/`)).status).toBe(204);
    expect((await ask('GET', '/health/ready')).status).toBe(200);
    const plain = await fetch(`http://127.0.0.1:${composed.ports.http}/auth/me`, { redirect: 'manual' });
    expect(plain.status).toBe(308);
    expect(plain.headers.get('location')).toMatch(/^https:/);
  });

  it('migrated before its nodes began, and has nothing left to migrate', async () => {
    await composed.migrate();
    for (const { said } of composed.nodes) expect(said).not.toMatch(/pending|migrat/i);
  });

  it('a logout at one node is refused by the other, and at the proxy', async () => {
    const persons = await people.make(ROUNDS);
    for (const [round, person] of persons.entries()) {
      const cookie = await logIn(person);
      const [one, other] = round % 2 ? [0, 1] : [1, 0];
      for (const node of [one, other]) expect(await askNode(node!, 'GET', '/auth/me', cookie)).toBe(200);
      expect(await askNode(one!, 'POST', '/auth/logout', cookie)).toBe(204);
      expect(await askNode(other!, 'GET', '/auth/me', cookie)).toBe(401);
      expect((await ask('GET', '/auth/me', { cookie })).status).toBe(401);
    }
  });

  it('a client that says where it is, is not believed', async () => {
    const [person] = await people.make(1);
    const cookie = await logIn(person!, { 'x-forwarded-for': '203.0.113.66', forwarded: 'for=203.0.113.66' });
    const { body } = await ask('GET', '/auth/sessions', { cookie });
    expect(body).toContain('127.0.0.1');
    expect(body).not.toContain('203.0.113.66');
  });

  it('a node that is stopped drains with exit code 0, and no request through the proxy fails, nor is anybody signed out', async () => {
    const persons = await people.make(4);
    const cookies = await Promise.all(persons.map((person) => logIn(person)));
    const statuses: number[] = [];
    let isOver = false;
    const clients = cookies.map(async (cookie) => {
      while (!isOver) statuses.push((await ask('GET', '/auth/me', { cookie })).status);
    });
    for (const index of [0, 1]) {
      expect(await composed.nodes[index]!.stop()).toBe(0);
      const enough = statuses.length + 20;
      await until(() => statuses.length >= enough);
      await composed.restart(index);
      // The other one is stopped when this one is asked again, and not before.
      const before = composed.handedTo(index);
      await until(() => composed.handedTo(index) > before + 5);
    }
    isOver = true;
    await Promise.all(clients);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function logIn({ email, password }: Person, headers: Record<string, string> = {}): Promise<string> {
  const reply = await ask(
    'POST',
    '/auth/login',
    { ...headers, 'content-type': 'application/json' },
    { email, password },
  );
  expect(reply.status).toBe(200);
  return reply.cookies.find((line) => line.startsWith('__Host-session='))!.split(';')[0]!;
}

/** Past the proxy. */
async function askNode(index: number, method: string, path: string, cookie: string): Promise<number> {
  const { client } = composed.nodes[index]!;
  const headers = `cookie: ${cookie}\r\nsec-fetch-site: same-origin\r\n`;
  return (await client.send(method, path, headers)).status;
}

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly cookies: readonly string[];
}

/** By the proxy, with a connection of its own, as many clients have. */
function ask(method: string, path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Reply> {
  const { https: port } = composed.ports;
  const given = { host: 'auth.example.com', 'sec-fetch-site': 'same-origin', ...headers };
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, method, path, headers: given, agent: false, rejectUnauthorized: false },
      (reply) => {
        let text = '';
        reply.on('data', (chunk) => {
          text += chunk;
        });
        reply.on('end', () => {
          resolve({ status: reply.statusCode!, body: text, cookies: reply.headers['set-cookie'] ?? [] });
        });
      },
    );
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
