import { Controller, type ExecutionContext, Get, Injectable, SetMetadata } from '@nestjs/common';
import { AuthGuard } from '../../src/access/auth.guard.js';
import type { AuthContext, AuthUser } from '../../src/kernel/auth-context.js';
import { AuthError } from '../../src/kernel/auth-error.js';
import { bootHost } from '../boot-host.js';

/** What a team keeps wherever it likes; asking takes time. */
const PERMISSIONS: Record<string, readonly string[]> = {
  clerk: ['orders:read'],
  boss: ['orders:read', 'orders:write'],
};

async function mayDo({ roles }: AuthUser, permission: string): Promise<boolean> {
  await new Promise((resolve) => setImmediate(resolve));
  return roles.some((role) => PERMISSIONS[role]?.includes(permission));
}

const RequirePermission = (permission: string) => SetMetadata('permission', permission);

@Injectable()
class PermissionGuard extends AuthGuard {
  protected override async authorize(auth: AuthContext, context: ExecutionContext): Promise<void> {
    await super.authorize(auth, context);
    const permission = this.reflector.get<string>('permission', context.getHandler());
    if (permission && !(await mayDo(auth.user, permission))) throw new AuthError('forbidden', { reason: permission });
  }
}

@Controller('orders')
class OrdersController {
  @Get('read')
  @RequirePermission('orders:read')
  read() {
    return 'read';
  }

  @Get('write')
  @RequirePermission('orders:write')
  write() {
    return 'written';
  }

  @Get('any')
  any() {
    return 'any';
  }
}

it.each(['express', 'fastify'] as const)(
  'a team’s own permission check decides beside ours, on %s',
  async (adapter) => {
    const app = await bootHost({
      adapter,
      controllers: [OrdersController],
      providers: [{ provide: AuthGuard, useClass: PermissionGuard }],
    });
    const ask = async (roles: string[]) => {
      const user = await app.logIn({ changes: { roles } });
      const replies = await Promise.all(['read', 'write', 'any'].map((path) => user.get(`/orders/${path}`)));
      return replies.map(({ status, body }) => body?.code ?? status);
    };
    expect(await ask([])).toEqual(['forbidden', 'forbidden', 200]);
    expect(await ask(['clerk'])).toEqual([200, 'forbidden', 200]);
    expect(await ask(['boss'])).toEqual([200, 200, 200]);
    expect((await app.client().get('/orders/any')).body.code).toBe('unauthenticated');
    const boss = await app.logIn({ changes: { roles: ['boss'] } });
    expect((await boss.get('/admin/users')).body.code).toBe('forbidden');
    await app.close();
  },
);
