import { Injectable, Module, Scope } from '@nestjs/common';
import { AuthModule, Clock, ConfigurationError, type Mail, Mailer, ScopePolicy, SystemClock } from '../../src/index.js';
import { bootAuthApp, testOptions } from '../../src/testing/index.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';

@Injectable({ scope: Scope.REQUEST })
class Tenant {
  readonly name = 'one';
}

@Injectable()
class TenantMailer extends Mailer {
  constructor(private readonly tenant: Tenant) {
    super();
  }

  async send(_mail: Mail): Promise<void> {
    void this.tenant.name;
  }
}

@Injectable({ scope: Scope.REQUEST })
class TenantClock extends SystemClock {}

@Injectable({ scope: Scope.REQUEST })
class TenantPolicy extends ScopePolicy {
  override mayHold(): boolean {
    return true;
  }
}

@Injectable()
class PlainMailer extends Mailer {
  async send(_mail: Mail): Promise<void> {}
}

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

function hostOf(providers: NonNullable<Parameters<typeof AuthModule.forRoot>[0]['providers']>) {
  @Module({ imports: [AuthModule.forRoot({ ...testOptions, databaseUrl: database.url, providers })] })
  class Host {}

  return bootAuthApp({ module: Host });
}

describe('a part that would be made anew for each request', () => {
  it('stops the boot, whether by its own scope or by what it depends on, with the part and a remedy', async () => {
    const refused = await hostOf([Tenant, { provide: Mailer, useClass: TenantMailer }]).catch((error) => error);
    expect(refused).toBeInstanceOf(ConfigurationError);
    expect(refused.message).toMatch(/request-scoped class for Mailer[\s\S]*-> make it a singleton/);
    expect(refused.problems).toHaveLength(1);
    const made = { provide: Mailer, scope: Scope.REQUEST, useFactory: () => new PlainMailer() };
    await expect(hostOf([made])).rejects.toThrow(ConfigurationError);
    // What a guard depends on Nest refuses by itself.
    for (const [token, useClass] of [[Clock, TenantClock] as const, [ScopePolicy, TenantPolicy] as const])
      await expect(hostOf([{ provide: token, useClass }])).rejects.toThrow(/request-scoped/);
  });

  it('is no part of one that is a singleton, nor is a request-scoped class that no part depends on', async () => {
    const app = await hostOf([Tenant, { provide: Mailer, useClass: PlainMailer }]);
    expect((await app.client().get('/auth/me')).status).toBe(401);
    await app.close();
  });
});
