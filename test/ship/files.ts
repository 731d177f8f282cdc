import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CORE_SCHEMA, load, loadAll, mergeTag } from 'js-yaml';

export const ROOT = resolve(__dirname, '../..');

export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** What the tests read of a service in compose.yaml. */
export interface ComposeService {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly networks?: readonly string[] | Readonly<Record<string, { readonly ipv4_address: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

/** compose.yaml with its anchors merged, and its variables as they stand. */
export function composeFile(): ComposeFile {
  return load(textOf('compose.yaml'), { schema: CORE_SCHEMA.withTags(mergeTag) }) as ComposeFile;
}

/** `${NAME}`, `${NAME:-default}` and `${NAME:?message}` filled in. @throws the message, or the name of one that has no value */
export function interpolated(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_whole, name: string, kind?: string, rest?: string) => {
    if (values[name]) return values[name];
    if (kind === '-') return rest!;
    throw new Error(`${name} is not set: ${rest ?? ''}`);
  });
}

/** An object of a Kubernetes manifest. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  // biome-ignore lint/suspicious/noExplicitAny: its shape is what the schemas are asked about
  readonly [part: string]: any;
}

export function kubernetesObjects(): KubernetesObject[] {
  const files = ['service/kubernetes/migrate.yaml', 'service/kubernetes/coatcheck.yaml'];
  return files.flatMap((file) => loadAll(textOf(file)) as KubernetesObject[]);
}
