import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Type } from '@nestjs/common';
import { CommandFailure } from './command-failure.js';

/** As `--app`: the command line of the service itself, although the folder is that of an application. */
const SERVICE = 'service';

const HOW_TO_NAME =
  'name its compiled module: --app dist/app.module.js#AppModule, or in package.json: "coatcheck": { "app": "dist/app.module.js#AppModule" }';

/** The application named by `--app`, else by the package.json of this folder; null: the service's own modules. */
export interface AppChoice {
  readonly file: string;
  /** Absent: the default export, or the only module that the file exports. */
  readonly exportName: string | undefined;
}

interface Manifest {
  readonly folder: string;
  readonly name?: unknown;
  readonly coatcheck?: { readonly app?: unknown };
  readonly [dependencies: string]: unknown;
}

/**
 * Which application a command is to run on.
 *
 * @throws CommandFailure in the folder of an application that depends on Coatcheck and does not say: a command that does not know what
 *   the application adds or replaces would end only a part of what it says it has ended
 */
export function chosenApp(asked: string | undefined, folder = process.cwd()): AppChoice | null {
  if (asked === SERVICE) return null;
  if (asked !== undefined) return choiceOf(asked, folder);
  const manifest = nearestManifest(folder);
  if (!manifest) return null;
  const { app } = manifest.coatcheck ?? {};
  if (typeof app === 'string') {
    if (app === SERVICE) return null;
    // A folder above may belong to another user, and what it names runs with all rights of the user who types the command.
    if (manifest.folder !== folder) throw namedElsewhere(manifest.folder, app);
    return choiceOf(app, folder);
  }
  if (!dependsOnCoatcheck(manifest)) return null;
  throw new CommandFailure(
    'This is the folder of an application that embeds Coatcheck, and the command does not know what that adds or replaces.',
    `${HOW_TO_NAME}; if it adds and replaces nothing and is configured by environment variables: --app ${SERVICE}`,
  );
}

/** The module of an application. @throws CommandFailure */
export async function loadModule({ file, exportName }: AppChoice): Promise<Type> {
  if (!existsSync(file))
    throw new CommandFailure(`${file} does not exist.`, `build the application, then ${HOW_TO_NAME}`);
  const exported = await import(pathToFileURL(file).href).catch((error: Error) => {
    throw new CommandFailure(`${file} cannot be loaded: ${error.message}`, 'name a compiled file, which Node can run');
  });
  const modules = Object.entries(exported as Record<string, unknown>).filter(([, value]) => isModule(value));
  const [only] = modules.length === 1 || exportName ? modules : [];
  const found = modules.find(([name]) => name === (exportName ?? 'default')) ?? (exportName ? undefined : only);
  if (found) return found[1] as Type;
  const names = modules.map(([name]) => name).join(', ') || 'none';
  throw new CommandFailure(
    `${file} does not export ${exportName ?? 'one module'}; its modules: ${names}.`,
    HOW_TO_NAME,
  );
}

function namedElsewhere(folder: string, app: string): CommandFailure {
  return new CommandFailure(
    `The application is named by ${join(folder, 'package.json')}, which is not in this folder.`,
    `run the command in ${folder}, or name the application: --app ${join(folder, app)}`,
  );
}

function choiceOf(text: string, folder: string): AppChoice {
  const [file = '', exportName] = text.split('#', 2);
  return { file: resolve(folder, file), exportName: exportName || undefined };
}

function nearestManifest(folder: string): Manifest | null {
  const file = join(folder, 'package.json');
  if (existsSync(file)) return { ...JSON.parse(readFileSync(file, 'utf8')), folder };
  return dirname(folder) === folder ? null : nearestManifest(dirname(folder));
}

function dependsOnCoatcheck(manifest: Manifest): boolean {
  const kinds = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
  return kinds.some((kind) => Object.hasOwn((manifest[kind] ?? {}) as object, 'coatcheck'));
}

/** Nest marks what `@Module()` decorates, with or without anything in it. */
function isModule(value: unknown): boolean {
  if (typeof value !== 'function') return false;
  return ['imports', 'providers', 'controllers', 'exports'].some((key) => Reflect.hasMetadata(key, value));
}
