import type { Feature } from '../../config/feature.js';
import { ConnectionEntity } from './connections/connection.entity.js';
import { ConnectionDomainEntity } from './connections/connection-domain.entity.js';
import { federatedOptions } from './federated-options.js';
import { FederatedIdentityEntity } from './identities/federated-identity.entity.js';
import { FederatedSessionEntity } from './recheck/federated-session.entity.js';

export const federatedFeature: Feature = {
  name: 'federated',
  options: federatedOptions,
  entities: [ConnectionEntity, ConnectionDomainEntity, FederatedIdentityEntity, FederatedSessionEntity],
};
