import type { Provider } from '@nestjs/common';
import type { AuthOptions } from '../../src/auth-options.js';
import { type AuthTestApp, FakeClock, TestClient, type TestUser } from '../../src/testing/index.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { bootWithMadeUsers } from './made-users.js';

/** Several nodes of one service, in this process, on one database. */
export class Fleet {
  private constructor(
    readonly nodes: AuthTestApp[],
    readonly database: TestDatabase,
  ) {}

  static async start(
    size: number,
    options: AuthOptions = {},
    providersOf: (node: number) => Provider[] = () => [],
  ): Promise<Fleet> {
    const database = await freshDatabase();
    const nodes: AuthTestApp[] = [];
    // However long each takes to start: the machine's own clock would set them apart, by more than is forgiven.
    const start = new Date();
    for (let node = 0; node < size; node += 1) {
      const values = { databaseUrl: database.url, databasePoolSize: 4, ...options };
      nodes.push(await bootWithMadeUsers(values, providersOf(node), new FakeClock(start)));
    }
    return new Fleet(nodes, database);
  }

  /** The same browser at another node. */
  at(node: number, user: TestUser): TestClient {
    return user.copyInto(new TestClient(this.nodes[node]!.url, user.defaults));
  }

  /** The same browser at every node. */
  everywhere(user: TestUser): TestClient[] {
    return this.nodes.map((_, node) => this.at(node, user));
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.close()));
    await this.database.drop();
  }
}

/** `200`, or the code of the refusal, of a request with this ticket at each of the clients, all at once. */
export function outcomes(clients: readonly TestClient[]): Promise<(number | string)[]> {
  return Promise.all(
    clients.map(async (client) => {
      const { status, body } = await client.get('/auth/me');
      return status === 200 ? 200 : (body.code as string);
    }),
  );
}
