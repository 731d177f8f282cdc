import { defineOptions, type OptionSpec, text } from '../config/option-section.js';

/** Where the metrics are served. */
export interface MetricsOptions {
  /** Undefined: the service takes 9464, or any free port when that is taken; a host application none. 0: none. */
  readonly managementPort: number | undefined;
  readonly managementHost: string;
}

export const metricsOptions = defineOptions<MetricsOptions>({
  title: 'Metrics',
  specs: {
    managementPort: optionalPort(
      'Port that serves `GET /metrics` and nothing else. 0: metrics are not served. Default of the service: 9464, or any free port if 9464 is in use. Default in a host application: 0.',
    ),
    managementHost: text({
      isShown: true,
      default: '127.0.0.1',
      shape: 'address',
      description:
        'Address on which the management port listens. Every client that reaches it can read the metrics: keep it off the internet.',
    }),
  },
});

function optionalPort(description: string): OptionSpec<number | undefined> {
  return {
    description,
    shape: '0 to 65535',
    default: undefined,
    parse: (given) => (/^\d{1,5}$/.test(given.trim()) ? Number(given) : undefined),
    accepts: (value) =>
      value === undefined || (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535),
  };
}
