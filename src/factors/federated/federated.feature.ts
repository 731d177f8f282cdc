import type { Feature } from '../../config/feature.js';
import { ConnectionEntity } from './connections/connection.entity.js';
import { ConnectionDomainEntity } from './connections/connection-domain.entity.js';
import { ConnectionFile } from './connections/connection-file.js';
import { ConnectionSecrets } from './connections/connection-secrets.js';
import { Connections } from './connections/connections.js';
import { federatedOptions } from './federated-options.js';
import { FederatedIdentityEntity } from './identities/federated-identity.entity.js';
import { FederatedSessionEntity } from './recheck/federated-session.entity.js';
import { UpstreamFetch } from './upstreams/upstream-fetch.js';
import { Upstreams } from './upstreams/upstreams.js';

export const federatedFeature: Feature = {
  name: 'federated',
  options: federatedOptions,
  entities: [ConnectionEntity, ConnectionDomainEntity, FederatedIdentityEntity, FederatedSessionEntity],
  providers: [ConnectionFile, ConnectionSecrets, Connections, UpstreamFetch, Upstreams],
};
