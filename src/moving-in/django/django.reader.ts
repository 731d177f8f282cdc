import { companionRows, RowsOfUsers } from '../companion-rows.js';
import type { ExportReader, ReadRecord, ReadSettings } from '../export-reader.js';
import { exportRecords } from '../export-records.js';
import { textIn } from '../field-values.js';
import type { RawRecord, RawRow } from '../raw-record.js';
import { RecordRefusal, readRecord } from '../record-reading.js';
import { UnreadableExport } from '../unreadable-export.js';
import { djangoUserOf } from './django-users.js';

type Row = RawRow['row'];

/** Of the models of one project, those that belong to users. */
interface Relations {
  readonly devices: RowsOfUsers<Row>;
  readonly addresses: RowsOfUsers<Row>;
  readonly logins: RowsOfUsers<Row>;
}

const DEVICES = 'otp_totp.totpdevice';
const ADDRESSES = 'account.emailaddress';
const LOGINS = 'socialaccount.socialaccount';

/**
 * `manage.py dumpdata auth.user` (with `otp_totp` and `account`, where django-otp and allauth are in use), or the table `auth_user` as CSV; a user model of the project's own is
 * whatever has a password and an address. Django normalizes no password; its hashes name their own parameters.
 */
export const djangoReader: ExportReader = {
  system: 'django',
  companions: {
    totp: 'the table otp_totp_totpdevice of django-otp, as CSV or JSON',
    emails: 'the table account_emailaddress of allauth, as CSV or JSON',
  },
  async *read(input, settings) {
    const relations = await given(settings);
    const waiting: RawRow[] = [];
    for await (const record of exportRecords(input)) {
      if ('refused' in record) yield readRecord(record, reading(relations));
      else if (typeof record.row.model !== 'string') yield readRecord(record, reading(relations));
      // Rows of a dump that belong to a user may follow them.
      else if (!note(record, relations)) waiting.push(record);
    }
    for (const record of waiting) yield dumped(record, relations);
  },
};

function reading(relations: Relations) {
  return {
    foreignIdOf: (row: Row) => textIn(row, 'id') ?? null,
    userOf: (row: Row) => djangoUserOf(row, of(relations, [textIn(row, 'id') ?? null])),
  };
}

/** Where the keys of users are natural ones, the name is what others call them by. */
function dumped({ at, row, list }: RawRow, relations: Relations): ReadRecord {
  const fields = row.fields as Row;
  const username = () => textIn(fields, 'username') ?? textIn(fields, 'email') ?? null;
  const id = () => textIn(row, 'pk') ?? username();
  return readRecord({ at, row: fields, list } satisfies RawRecord, {
    foreignIdOf: id,
    userOf: () => djangoUserOf(fields, of(relations, [id(), naturalKey([username()])])),
  });
}

function of({ devices, addresses, logins }: Relations, keys: readonly (string | null)[]) {
  return {
    devices: keys.flatMap((key) => devices.of(key)),
    addresses: keys.flatMap((key) => addresses.of(key)),
    hasProviderLogin: keys.some((key) => logins.of(key).length > 0),
  };
}

/** False for a user. Models that are neither count for nothing. */
function note({ at, row }: RawRow, { devices, addresses, logins }: Relations): boolean {
  const { model, fields } = row;
  if (typeof fields !== 'object' || fields === null)
    throw new UnreadableExport(`Record ${at} is not of a dump of Django.`, 'export it by manage.py dumpdata');
  const whose = new Map<unknown, RowsOfUsers<Row>>([
    [DEVICES, devices],
    [ADDRESSES, addresses],
    [LOGINS, logins],
  ]).get(model);
  whose?.add(ownerOf(fields as Row), fields as Row);
  return whose !== undefined || !('password' in fields) || !('email' in fields);
}

function ownerOf(fields: Row): string {
  const owner = fields.user ?? fields.user_id;
  if (Array.isArray(owner)) return naturalKey(owner);
  if (typeof owner === 'object' && owner !== null) throw new RecordRefusal('user_unreadable');
  return String(owner);
}

/** No id that is a number or a UUID looks like it. */
function naturalKey(parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}

async function given(settings: ReadSettings): Promise<Relations> {
  const relations = {
    devices: new RowsOfUsers<Row>(),
    addresses: new RowsOfUsers<Row>(),
    logins: new RowsOfUsers<Row>(),
  };
  for await (const row of companionRows(settings, 'totp')) relations.devices.add(ownerOf(row), row);
  for await (const row of companionRows(settings, 'emails')) relations.addresses.add(ownerOf(row), row);
  return relations;
}
