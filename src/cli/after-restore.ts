import { migrations } from '../../migrations/index.js';
import { EmergencyService } from '../admin/emergency.service.js';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { databaseOptions } from '../database/database-options.js';
import { openDataSource, settingsFrom } from '../database/open-data-source.js';
import { withPagesOfService } from '../pages/pages-options.js';
import { serviceSections } from '../service/service-sections.js';
import { COMMAND_LINE, isHosted, withApplication } from './application.js';

/**
 * Delete what a backup brings back and no epoch ends: links, mails that would be sent again, devices that are spared a second
 * factor, consents. The epoch goes so far ahead that it meets none that was reached between the backup and the loss: a session of then may
 * still lie in Redis.
 */
const STATEMENTS = [
  'UPDATE coatcheck.registrations SET link_hash = NULL WHERE link_hash IS NOT NULL',
  'UPDATE coatcheck.mailed_tokens SET consumed_at = clock_timestamp() WHERE consumed_at IS NULL',
  'DELETE FROM coatcheck.mail_jobs',
  'UPDATE coatcheck.known_devices SET remembered_until = NULL WHERE remembered_until IS NOT NULL',
  // Of those withdrawn since there is no telling: users are asked again.
  'DELETE FROM coatcheck.oauth_consents',
  'DELETE FROM coatcheck.oauth_logout_jobs',
  'UPDATE coatcheck.global_session_epoch SET epoch = epoch + 1000000',
];

/**
 * Makes a restored database safe to serve from: ends every session, key, link and waiting mail that the backup brought back.
 * No node may run meanwhile.
 */
export async function afterRestore(): Promise<void> {
  // Also that of a host: the statements need its database, and nothing else of it.
  const sections = isHosted() ? [{ ...coreOptions, validate: undefined }, databaseOptions] : serviceSections;
  const given = Options.readEnvironment(sections);
  const options = Options.resolve(sections, isHosted() ? given : withPagesOfService(given));
  // Not by the application: it would begin with sending the mails.
  const dataSource = await openDataSource(settingsFrom(options, { entities: [], migrations }));
  try {
    await dataSource.transaction(async (manager) => {
      for (const statement of STATEMENTS) await manager.query(statement);
    });
  } finally {
    await dataSource.destroy();
  }
  await withApplication((part) => part(EmergencyService).revokeAll(COMMAND_LINE));
  process.stdout.write('Earlier sessions, keys, links and unsent e-mails have been revoked.\n');
}
