import {
  type ConfigurationProblem,
  defineOptions,
  flag,
  list,
  optionalText,
  seconds,
  text,
} from '../config/option-section.js';

export interface HttpOptions {
  readonly requestDeadlineSeconds: number;
  readonly authPath: string;
  readonly adminPath: string;
  readonly adminRoutes: boolean;
  readonly routesLeftOut: readonly string[];
  readonly mountPath: string | undefined;
}

/** One segment or several, without a slash at either end. */
const PATH = /^[a-z0-9_~-][a-z0-9._~-]*(\/[a-z0-9_~-][a-z0-9._~-]*)*$/i;
const MOUNT_PATH = /^(\/[a-z0-9_~-][a-z0-9._~-]*)+$/i;

export const httpOptions = defineOptions<HttpOptions>({
  title: 'Requests and routes',
  specs: {
    requestDeadlineSeconds: seconds({
      default: 10,
      min: 1,
      max: 300,
      description:
        'Time limit of a request. When it is reached, the request is answered with 503 and starts no further statement.',
    }),
    authPath: text({
      isShown: true,
      default: 'auth',
      shape: 'path without a slash at its ends',
      matches: PATH,
      description: 'Path of the routes for users, below the global prefix and version of the application.',
    }),
    adminPath: text({
      isShown: true,
      default: 'admin',
      shape: 'path without a slash at its ends',
      matches: PATH,
      description: 'Path of the routes for admins, below the global prefix and version of the application.',
    }),
    adminRoutes: flag({
      default: true,
      description: 'Whether the routes for admins exist. Without them, admins use the command line.',
    }),
    routesLeftOut: list({
      isShown: true,
      default: [],
      shape: 'names of features',
      description:
        'Features whose routes do not exist, e.g. `profile,devices,passkey`. Everything else that they do remains.',
    }),
    mountPath: optionalText({
      isShown: true,
      shape: '/path',
      matches: MOUNT_PATH,
      description:
        'Path of the routes below `PUBLIC_URL`, as browsers see it. Set it only for a process that does not serve the routes, such as the command line of an application with a global prefix.',
    }),
  },
  validate: ({ authPath, adminPath }): ConfigurationProblem[] => {
    if (authPath !== adminPath) return [];
    return [{ option: 'adminPath', problem: 'is the same as AUTH_PATH', remedy: 'choose another path' }];
  },
});
