import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FirstAdmin } from './admin/first-admin.js';
import { ConfigurationError } from './config/configuration-error.js';
import { coreOptions } from './config/core-options.js';
import { Options, type OptionValues } from './config/options.js';
import { MountedRoutes } from './http/mounted-routes.js';
import { ManagementServer } from './metrics/management-server.js';
import { createService } from './service/create-service.js';
import { asListenError } from './service/listen-error.js';
import { productionLine } from './service/service-logger.js';
import { servesApiDocs, serviceOptions } from './service/service-options.js';
import { serviceSections } from './service/service-sections.js';
import { stopService } from './service/stop.js';

/** A stop that has not finished by then is cut off: the orchestrator's next signal would be SIGKILL. */
const LAST_RESORT_MS = 9_500;

async function main(): Promise<void> {
  const starting = createService(withOwnAddress(Options.readEnvironment(serviceSections)));
  stopOnSignals(starting);
  const app = await starting;
  await app.get(ManagementServer).listenByDefault();
  const { host, port, apiDocs } = app.get(Options).of(serviceOptions);
  const { nodeEnv } = app.get(Options).of(coreOptions);
  await app.listen(port, host).catch((error: unknown) => {
    throw asListenError(error, { host, port });
  });
  const url = await app.getUrl();
  await announceFirstAdmin(app);
  const docs = servesApiDocs({ apiDocs, nodeEnv }) ? `, API documentation: ${url}/docs` : '';
  new Logger('service').log(`Coatcheck listens on ${url}${docs}`);
}

/** Not through the logger: it is shown once, where the service is started, and belongs in no collected log. */
async function announceFirstAdmin(app: NestFastifyApplication): Promise<void> {
  const token = await app.get(FirstAdmin).issueToken();
  if (!token) return;
  const path = app.get(MountedRoutes).pathOf('/admin/bootstrap');
  const message = `No admin exists yet. Create one: POST ${path} with the token ${token}`;
  const { nodeEnv } = app.get(Options).of(coreOptions);
  process.stdout.write(`${nodeEnv === 'production' ? productionLine('service', { message }) : message}\n`);
}

/** Signals come more than once (a terminal sends one to npm and to us, an impatient operator another): only the first counts. */
function stopOnSignals(starting: Promise<NestFastifyApplication>): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    new Logger('service').log(`Coatcheck stops (${signal}): what is under way is finished first`);
    setTimeout(cutOff, LAST_RESORT_MS).unref();
    starting.then(stopService).then(
      () => process.exit(0),
      (error) => fail(error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** A stop that takes this long does not do what it promises, and is reported. */
function cutOff(): void {
  process.stderr.write('The shutdown did not finish in time and was aborted.\n');
  process.exit(0);
}

/** Unless told otherwise, a development service is reached where it listens. */
function withOwnAddress(values: OptionValues): OptionValues {
  const { nodeEnv, publicUrl, port, tlsCert } = values;
  if (nodeEnv === 'production' || publicUrl !== undefined) return values;
  const scheme = tlsCert === undefined ? 'http' : 'https';
  return { ...values, publicUrl: `${scheme}://localhost:${port ?? 3000}` };
}

/** Of an error no more than its stack: its other fields may hold what it stumbled over, such as a URL with its password. */
function fail(error: unknown): void {
  const { message, stack } = error as Error;
  console.error(error instanceof ConfigurationError ? error.messageOfService : (stack ?? message));
  process.exit(1);
}

main().catch(fail);
