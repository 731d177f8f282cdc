import { MEANT_FOR_PEOPLE } from '../config/core-options.js';
import { isLoopbackHost } from '../config/loopback.js';
import {
  type ConfigurationProblem,
  choice,
  defineOptions,
  integer,
  optionalText,
  text,
} from '../config/option-section.js';

/** Options of the service alone; a host application has its own. */
export interface ServiceOptions {
  readonly host: string;
  readonly port: number;
  readonly logLevel: 'error' | 'warn' | 'log' | 'debug' | 'verbose';
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly clockOffsetSeconds: number;
  readonly apiDocs: 'development' | 'always' | 'never';
}

type Checked = ServiceOptions & { readonly nodeEnv?: string; readonly publicUrl?: string };

export const serviceOptions = defineOptions<ServiceOptions>({
  title: 'Service',
  specs: {
    host: text({
      isShown: true,
      default: 'localhost',
      shape: 'address',
      description: 'Address to listen on. `0.0.0.0` means all interfaces.',
    }),
    port: integer({ default: 3000, min: 0, max: 65_535, description: 'Port to listen on. 0: any free port.' }),
    logLevel: choice({
      of: ['error', 'warn', 'log', 'debug', 'verbose'],
      default: 'log',
      description: 'Lowest level of the log lines that are written.',
    }),
    tlsCert: optionalText({
      isShown: true,
      shape: 'file',
      description:
        'Certificate with its chain, in PEM. With it, the service speaks HTTPS itself. The file is read again when it changes.',
    }),
    tlsKey: optionalText({ isShown: true, shape: 'file', description: 'Private key of `TLS_CERT`, in PEM.' }),
    clockOffsetSeconds: integer({
      default: 0,
      min: -1_000_000_000,
      max: 1_000_000_000,
      description: 'Shifts the clock of this node, for tests. Refused in production.',
    }),
    apiDocs: choice({
      of: ['development', 'always', 'never'],
      default: 'development',
      description:
        'When `/docs` and `/openapi.json` are served. `development`: unless `NODE_ENV` is production. The package contains the document as `coatcheck/openapi.json`.',
    }),
  },
  validate: (values, given) => [...hostProblems(values, given), ...clockProblems(values), ...tlsProblems(values)],
});

function hostProblems({ host, nodeEnv }: Checked, given: ReadonlySet<string>): ConfigurationProblem[] {
  const isMeant = nodeEnv === 'production' || (nodeEnv === 'development' && given.has('nodeEnv'));
  if (isMeant || isLoopbackHost(host)) return [];
  const problem = given.has('nodeEnv')
    ? 'is not a loopback address, and NODE_ENV is test'
    : 'is not a loopback address, and NODE_ENV is not set, which means development';
  return [
    { option: 'host', problem, remedy: `${MEANT_FOR_PEOPLE}, or NODE_ENV=development if development mode is intended` },
  ];
}

function clockProblems({ clockOffsetSeconds, nodeEnv }: Checked): ConfigurationProblem[] {
  if (clockOffsetSeconds === 0 || nodeEnv !== 'production') return [];
  return [{ option: 'clockOffsetSeconds', problem: 'is for tests only', remedy: 'remove it in production' }];
}

function tlsProblems({ tlsCert, tlsKey, publicUrl }: Checked): ConfigurationProblem[] {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    const [option, remedy] = tlsCert
      ? ['tlsKey', 'set it to the file with the private key of TLS_CERT']
      : ['tlsCert', 'set it to the file with the certificate of TLS_KEY'];
    return [{ option, problem: 'is missing', remedy }];
  }
  if (tlsCert === undefined || publicUrl?.startsWith('https:')) return [];
  // Cookies would lack `Secure`, and a page's own origin would be another than the one it came from.
  return [
    {
      option: 'publicUrl',
      problem: 'is an http URL, but TLS_CERT makes the service speak https',
      remedy: 'set it to an https URL',
    },
  ];
}

/** Whether `/docs` and `/openapi.json` are served. */
export function servesApiDocs({ apiDocs, nodeEnv }: Pick<Checked, 'apiDocs' | 'nodeEnv'>): boolean {
  return apiDocs === 'always' || (apiDocs === 'development' && nodeEnv !== 'production');
}
