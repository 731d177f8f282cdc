import { execFileSync } from 'node:child_process';
import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key with its certificate, in files and in PEM. */
export interface Identity {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
  /** Hexadecimal, 64 digits. */
  readonly fingerprint: string;
  /** RFC 8705. */
  readonly thumbprint: string;
  /** As `POST …/certificates/revoke` takes it, within an anchor. */
  readonly named: { readonly issuer: string; readonly serialNumber: string };
}

/** What a certificate is to say. */
export interface Wishes {
  readonly subject?: string;
  /** As OpenSSL writes them, e.g. `URI:spiffe://example.org/orders`. */
  readonly names?: readonly string[];
  readonly eku?: string | null;
  readonly keyUsage?: string;
  /** Seconds from now. */
  readonly from?: number;
  readonly until?: number;
  readonly more?: readonly string[];
  readonly rsaBits?: number;
  /** By which it is signed, as OpenSSL names it. */
  readonly digest?: string;
}

const DAY = 86_400;
/** The clock of a service under test stands still from its start on, while the machine makes certificates: seconds apart tell nothing. */
const HOUR = 3600;
const folders: string[] = [];

export function freshFolder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'coatcheck-mtls-')));
  return folders.at(-1)!;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A certification authority, run by OpenSSL's command line. */
export class Authority {
  readonly identity: Identity;
  private readonly folder: string;
  private made = 0;

  /** A root, or with `by` an intermediate authority. */
  constructor(
    readonly subject = '/CN=Test root',
    by?: Authority,
    params: Wishes = {},
  ) {
    this.folder = freshFolder();
    mkdirSync(join(this.folder, 'new'));
    writeFileSync(join(this.folder, 'index.txt'), '');
    writeFileSync(join(this.folder, 'index.txt.attr'), 'unique_subject = no\n');
    writeFileSync(join(this.folder, 'crlnumber'), '01\n');
    writeFileSync(join(this.folder, 'serial'), `${randomBytes(8).toString('hex')}\n`);
    writeFileSync(join(this.folder, 'ca.cnf'), configuration(this.folder));
    const extensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
    const ca = { eku: null, keyUsage: '', until: 30 * DAY, ...params, subject };
    const how = { ...ca, more: params.more ?? extensions };
    this.identity = by ? by.issue(how) : this.sign('ca', how, ['-selfsign']);
    if (by)
      for (const [name, text] of [
        ['ca.pem', this.identity.cert],
        ['ca.key', this.identity.key],
      ] as const)
        writeFileSync(join(this.folder, name), text);
  }

  get certFile(): string {
    return this.identity.certFile;
  }

  issue(params: Wishes = {}): Identity {
    this.made += 1;
    return this.sign(`leaf-${this.made}`, params, []);
  }

  /** A file of the list, current for a day unless told otherwise; `isPartial` says that it is one of clients' certificates only. */
  list({ until = DAY, from = -HOUR, file = join(this.folder, 'list.pem'), isPartial = false } = {}): string {
    const dates = ['-crl_lastupdate', stamp(from), '-crl_nextupdate', stamp(until)];
    const extensions = isPartial ? ['-crlexts', 'partial'] : [];
    openssl('ca', '-config', join(this.folder, 'ca.cnf'), '-gencrl', ...dates, ...extensions, '-out', file);
    return file;
  }

  revoke({ certFile }: Identity): void {
    openssl('ca', '-config', join(this.folder, 'ca.cnf'), '-revoke', certFile);
  }

  private sign(name: string, params: Wishes, how: readonly string[]): Identity {
    const { subject = '/CN=orders', names = [], eku = 'clientAuth', keyUsage = 'critical,digitalSignature' } = params;
    const [keyFile, csr, certFile, extensions] = ['key', 'csr', 'pem', 'ext'].map((end) =>
      join(this.folder, `${name}.${end}`),
    ) as [string, string, string, string];
    const key = params.rsaBits ? [`rsa:${params.rsaBits}`] : ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    const request = ['-nodes', '-keyout', keyFile, '-subj', subject, '-utf8', '-out', csr];
    openssl('req', '-new', '-newkey', ...key, ...request);
    const lines = [
      'subjectKeyIdentifier=hash',
      ...(keyUsage ? [`keyUsage=${keyUsage}`] : []),
      ...(eku ? [`extendedKeyUsage=${eku}`] : []),
      ...(names.length > 0 ? [`subjectAltName=${names.join(',')}`] : []),
      ...(params.more ?? ['basicConstraints=critical,CA:FALSE']),
    ];
    writeFileSync(extensions, lines.join('\n'));
    const dates = ['-startdate', stamp(params.from ?? -HOUR), '-enddate', stamp(params.until ?? DAY)];
    const own = how.length > 0 ? ['-keyfile', keyFile] : [];
    openssl(
      'ca',
      '-batch',
      '-config',
      join(this.folder, 'ca.cnf'),
      '-in',
      csr,
      '-out',
      certFile,
      '-extfile',
      extensions,
      '-notext',
      '-preserveDN',
      '-md',
      params.digest ?? 'sha256',
      ...dates,
      ...own,
      ...how,
    );
    return identityOf(certFile, keyFile);
  }
}

/** Two or more certificates in one file. */
export function bundle(...identities: readonly Identity[]): string {
  const file = join(freshFolder(), 'bundle.pem');
  writeFileSync(file, identities.map(({ cert }) => cert).join('\n'));
  return file;
}

function identityOf(certFile: string, keyFile: string): Identity {
  const [cert, key] = [readFileSync(certFile, 'utf8'), readFileSync(keyFile, 'utf8')];
  const { raw, issuer, serialNumber } = new X509Certificate(cert);
  const bytes = createHash('sha256').update(raw).digest();
  const digests = { fingerprint: bytes.toString('hex'), thumbprint: bytes.toString('base64url') };
  // Node writes a name in the order of the certificate, a line each.
  const named = { issuer: issuer.split('\n').reverse().join(','), serialNumber };
  return { certFile, keyFile, cert, key, ...digests, named };
}

function openssl(...given: string[]): void {
  execFileSync('openssl', given, { stdio: 'pipe' });
}

/** `YYYYMMDDHHMMSSZ`, seconds from now. */
function stamp(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+|[-:T]/g, '');
}

function configuration(folder: string): string {
  return `[ca]
default_ca = it
[it]
dir = ${folder}
database = $dir/index.txt
new_certs_dir = $dir/new
certificate = $dir/ca.pem
private_key = $dir/ca.key
crlnumber = $dir/crlnumber
serial = $dir/serial
default_md = sha256
default_crl_days = 1
policy = any
copy_extensions = none
[partial]
issuingDistributionPoint = onlyuser:TRUE
[any]
commonName = optional
organizationName = optional
countryName = optional
`;
}
