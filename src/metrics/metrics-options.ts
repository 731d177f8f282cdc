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
      'Where `GET /metrics` is served, apart from everything else; 0: nowhere. Unset, the service takes 9464 or, when another node has it, any free port; a host application none.',
    ),
    managementHost: text({
      default: '127.0.0.1',
      shape: 'address',
      description: 'Where the management port listens. Whoever reaches it reads the metrics: keep it off the internet.',
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
