import type { AccessOptions } from '../../access/access-options.js';
import type { CoreOptions } from '../../config/core-options.js';
import {
  type ConfigurationProblem,
  choice,
  defineOptions,
  flag,
  list,
  optionalText,
  seconds,
} from '../../config/option-section.js';
import { HEADER_FORMATS, type HeaderFormat } from './headers/certificate-headers.js';

export interface MtlsOptions {
  readonly tlsClientCa: string | undefined;
  readonly mtlsAnchors: readonly string[];
  readonly mtlsCrls: readonly string[];
  readonly mtlsHeader: HeaderFormat | 'none';
  readonly mtlsHeaderName: string | undefined;
  readonly mtlsBindTokens: boolean;
  readonly mtlsReloadSeconds: number;
}

type Checked = MtlsOptions & Pick<CoreOptions, 'authStrategies'> & Pick<AccessOptions, 'trustedProxies'>;

const NAMED_FILE = /^[a-z0-9][a-z0-9-]{0,39}=./;

/** The anchor that the certificates of `TLS_CLIENT_CA` make up. */
const DEFAULT_ANCHOR = 'default';

export const mtlsOptions = defineOptions<MtlsOptions>({
  title: 'Client certificates (strategy mtls)',
  specs: {
    tlsClientCa: optionalText({
      isShown: true,
      shape: 'file',
      description:
        'CA certificates in PEM. On connections of the service itself, clients are asked for certificates of these CAs. They form the anchor `default`.',
    }),
    mtlsAnchors: list({
      isShown: true,
      default: [],
      shape: 'name=file, …',
      each: (item) => NAMED_FILE.test(item),
      description:
        'Named trust anchors, each a file of CA certificates in PEM. During a rollover a file contains the old and the new CA.',
    }),
    mtlsCrls: list({
      isShown: true,
      default: [],
      shape: 'name=file, …',
      each: (item) => NAMED_FILE.test(item),
      description:
        'Revocation lists of an anchor, PEM or DER; an anchor may have several. If an anchor has any, every certificate below it requires a current list.',
    }),
    mtlsHeader: choice({
      of: ['none', ...HEADER_FORMATS],
      default: 'none',
      description: 'Format in which a proxy of `TRUSTED_PROXIES` passes on the client certificate.',
    }),
    mtlsHeaderName: optionalText({
      isShown: true,
      shape: 'header name',
      matches: /^[A-Za-z0-9-]{1,64}$/,
      description: 'Name of the header, if it is not the usual one of its format.',
    }),
    mtlsBindTokens: flag({
      default: false,
      description: 'Bind tokens to the client certificate of the connection on which they were issued (RFC 8705).',
    }),
    mtlsReloadSeconds: seconds({
      default: 5,
      min: 1,
      max: 3600,
      description:
        'Interval at which the files of anchors, revocation lists and the service certificate are checked for changes.',
    }),
  },
  validate: (values) => {
    const checked = values as unknown as Checked;
    return [...anchorProblems(checked), ...headerProblems(checked)];
  },
});

/** Whether clients are to be asked for certificates, and what they show is looked at. */
export function readsCertificates({
  authStrategies,
  mtlsBindTokens,
}: Pick<Checked, 'authStrategies' | 'mtlsBindTokens'>) {
  return mtlsBindTokens || authStrategies.includes('mtls');
}

/** `name=file`, taken apart. */
export function namedFile(item: string): { name: string; file: string } {
  const equals = item.indexOf('=');
  return { name: item.slice(0, equals), file: item.slice(equals + 1) };
}

/** Every anchor and its file; `TLS_CLIENT_CA` is the one named `default`. */
export function anchorFiles({ tlsClientCa, mtlsAnchors }: Pick<MtlsOptions, 'tlsClientCa' | 'mtlsAnchors'>) {
  const named = mtlsAnchors.map(namedFile);
  return tlsClientCa === undefined ? named : [{ name: DEFAULT_ANCHOR, file: tlsClientCa }, ...named];
}

function anchorProblems(values: Checked): ConfigurationProblem[] {
  const names = anchorFiles(values).map(({ name }) => name);
  const problems: ConfigurationProblem[] = [];
  if (values.authStrategies.includes('mtls') && names.length === 0) {
    problems.push({ option: 'mtlsAnchors', problem: 'has no trust anchor', remedy: 'set it, or TLS_CLIENT_CA' });
  }
  if (new Set(names).size < names.length) {
    const remedy = 'put all certificates of an anchor into one file; `default` is TLS_CLIENT_CA';
    problems.push({ option: 'mtlsAnchors', problem: 'uses a name twice', remedy });
  }
  if (values.mtlsCrls.some((item) => !names.includes(namedFile(item).name))) {
    problems.push({
      option: 'mtlsCrls',
      problem: 'names an unknown anchor',
      remedy: 'use a name of MTLS_ANCHORS',
    });
  }
  return problems;
}

function headerProblems({ mtlsHeader, mtlsHeaderName, trustedProxies }: Checked): ConfigurationProblem[] {
  if (mtlsHeader === 'none') {
    if (mtlsHeaderName === undefined) return [];
    return [
      {
        option: 'mtlsHeaderName',
        problem: 'has no effect without MTLS_HEADER',
        remedy: 'set MTLS_HEADER too, or remove it',
      },
    ];
  }
  if (trustedProxies.length > 0) return [];
  return [
    { option: 'mtlsHeader', problem: 'has no effect: no proxy is trusted', remedy: 'add the proxy to TRUSTED_PROXIES' },
  ];
}
