import type { INestApplicationContext } from '@nestjs/common';
import { ServiceUsers } from '../../../src/admin/service-users.js';
import { OAuthClientAdmin } from '../../../src/oauth/clients/oauth-client-admin.js';

/** A client as the load proves itself by it. */
export interface BenchClient {
  readonly id: string;
  readonly secret: string;
}

const BY_NOBODY = { actorId: null, origin: null };
export const RESOURCE = 'https://bench.example';
export const REDIRECT_URI = 'https://shop.example/back';

/** A client of the operator, and a machine that acts for itself; both ask for tokens of this application. */
export async function addClients(app: INestApplicationContext): Promise<{ shop: BenchClient; machine: BenchClient }> {
  const admin = app.get(OAuthClientAdmin, { strict: false });
  const { id: serviceUserId } = await app
    .get(ServiceUsers, { strict: false })
    .create({ name: 'nightly job', roles: [] } as never, BY_NOBODY as never);
  const common = { type: 'confidential', scopes: ['orders:read'], resources: [RESOURCE] } as const;
  const shop = await admin.create(
    {
      ...common,
      name: 'shop',
      redirectUris: [REDIRECT_URI],
      grantTypes: ['authorization_code', 'refresh_token'],
      firstParty: true,
    },
    BY_NOBODY,
  );
  const machine = await admin.create(
    { ...common, name: 'job', redirectUris: [], grantTypes: ['client_credentials'], serviceUserId },
    BY_NOBODY,
  );
  return {
    shop: { id: shop.client.id, secret: shop.clientSecret! },
    machine: { id: machine.client.id, secret: machine.clientSecret! },
  };
}
