import type { Feature } from '../../../config/feature.js';
import { ConnectionAdmin } from './connection-admin.js';
import { ConnectionChanges } from './connection-changes.js';
import { ConnectionDomains } from './connection-domains.js';
import { connectionEvents } from './connection-events.js';
import { ConnectionTable } from './connection-table.js';
import { ConnectionsController } from './connections.controller.js';
import { DomainRecords } from './domain-records.js';
import { ShownConnections } from './shown-connections.js';

/** The admin's routes and pages for outside providers. */
export const connectionsFeature: Feature = {
  name: 'connections',
  events: connectionEvents,
  controllers: [ConnectionsController],
  providers: [ConnectionTable, ConnectionChanges, ConnectionAdmin, ConnectionDomains, DomainRecords, ShownConnections],
};
