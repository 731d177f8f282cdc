import { Logger } from '@nestjs/common';
import { ConfigurationError } from './config/configuration-error.js';
import { Options, type OptionValues } from './config/options.js';
import { createService, serviceSections } from './service/create-service.js';
import { Draining } from './service/draining.js';
import { serviceOptions } from './service/service-options.js';

/** A stop that has not finished by then is cut off: the orchestrator's next signal would be SIGKILL. */
const DRAIN_LIMIT_MS = 9_000;

async function main(): Promise<void> {
  const values = withOwnAddress(Options.readEnvironment(serviceSections));
  const app = await createService(values);
  const { host, port } = app.get(Options).of(serviceOptions);
  await app.listen(port, host);
  const logger = new Logger('service');
  logger.log(`Coatcheck listens on ${await app.getUrl()}, API page at ${await app.getUrl()}/docs`);

  const stop = () => {
    app.get(Draining).begin();
    setTimeout(() => process.exit(0), DRAIN_LIMIT_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error) => {
        logger.error('could not close cleanly', error);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** Unless told otherwise, a development service is reached where it listens. */
function withOwnAddress(values: OptionValues): OptionValues {
  const isTryingOut = values.nodeEnv !== 'production' && values.publicUrl === undefined;
  return isTryingOut && values.port !== undefined
    ? { ...values, publicUrl: `http://localhost:${values.port}` }
    : values;
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigurationError ? error.message : error);
  process.exit(1);
});
