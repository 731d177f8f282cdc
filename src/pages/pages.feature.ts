import type { Feature } from '../config/feature.js';
import { Assets } from './assets/assets.js';
import { AssetsController } from './assets.controller.js';
import { defineTemplates } from './define-templates.js';
import { FormBodyGuard } from './form-body.guard.js';
import { FormTokens } from './form-tokens.js';
import { LayoutValues } from './layout-values.js';
import { Messages } from './messages.js';
import { PageInterceptor } from './page.interceptor.js';
import { PageEntry } from './page-entry.js';
import { PageErrorFilter } from './page-error.filter.js';
import { PagePaths } from './page-paths.js';
import { PageRenderer } from './page-renderer.js';
import { PageReplies } from './page-replies.js';
import { PageSession } from './page-session.js';
import { PageValidationPipe } from './page-validation.pipe.js';
import { PageWords } from './page-words.js';
import { pagesWords } from './pages.words.js';
import { pagesOptions } from './pages-options.js';
import { ProblemPage } from './problem.page.js';
import { PROBLEM } from './problem.template.js';
import { RootPage } from './root.page.js';
import { ShownEntries } from './shown-entries.js';
import { SubmittedForms } from './submitted-form.js';

export const pagesFeature: Feature = {
  name: 'pages',
  options: pagesOptions,
  controllers: [AssetsController, ProblemPage, RootPage],
  pages: defineTemplates({
    problem: {
      source: PROBLEM,
      sample: {
        problem: { code: 'rate_limited', status: 429, fields: [], retryAfterSeconds: 30 },
        requestId: '3f6c1d52',
        back: '/sign-in',
      },
    },
  }),
  words: pagesWords,
  providers: [
    Assets,
    FormBodyGuard,
    FormTokens,
    LayoutValues,
    ShownEntries,
    Messages,
    PageEntry,
    PageErrorFilter,
    PageInterceptor,
    PagePaths,
    PageRenderer,
    PageReplies,
    PageSession,
    SubmittedForms,
    PageValidationPipe,
    PageWords,
  ],
};
