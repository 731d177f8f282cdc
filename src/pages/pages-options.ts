import { type ConfigurationProblem, choice, defineOptions, text } from '../config/option-section.js';
import type { Options } from '../config/options.js';

export interface PagesOptions {
  readonly pages: 'on' | 'account-only' | 'off';
  readonly pagesPath: string;
}

/** Who a page is for: users who sign in, users about their own account, admins. */
export type PageArea = 'sign-in' | 'account' | 'admin';

const PATH = /^(\/[a-z0-9_~-][a-z0-9._~-]*)*$/i;

export const pagesOptions = defineOptions<PagesOptions>({
  title: 'Pages',
  specs: {
    pages: choice({
      of: ['on', 'account-only', 'off'],
      default: 'off',
      description:
        'Which pages are served: all of them, those for users only, or none. They need the strategy `session`. The service serves them all unless told otherwise, if that strategy is switched on.',
    }),
    pagesPath: text({
      isShown: true,
      default: '/auth-pages',
      shape: '/path, or nothing',
      matches: PATH,
      description:
        'Path of the pages, below the global prefix of the application. In the service the default is none: the sign-in page is `/sign-in`.',
    }),
  },
  validate: ({ pages, authStrategies }): ConfigurationProblem[] => {
    if (pages === 'off' || (authStrategies as readonly string[]).includes('session')) return [];
    const problem = 'asks for pages, which work with a session cookie only';
    return [{ option: 'pages', problem, remedy: 'add session to AUTH_STRATEGIES, or set PAGES=off' }];
  },
});

/** Whether the pages of an area are served. */
export function isServed(area: PageArea, options: Options): boolean {
  const { pages } = options.of(pagesOptions);
  return pages === 'on' || (pages === 'account-only' && area !== 'admin');
}

/** The same values, and where nothing is said of pages, what a service does that has nothing but Coatcheck: it serves them, at its root. */
export function withPagesOfService<T extends Readonly<Record<string, unknown>>>(values: T): T & PagesOptions {
  const strategies = values.authStrategies ?? ['session'];
  const hasSessions = Array.isArray(strategies) && strategies.includes('session');
  const { pages = hasSessions ? 'on' : 'off', pagesPath = '' } = values as Partial<PagesOptions>;
  return { ...values, pages, pagesPath };
}
