import type { Feature } from '../../config/feature.js';
import { defineTemplates } from '../../pages/define-templates.js';
import { AllSessionsPage } from './all-sessions.page.js';
import { ALL_SESSIONS, ALL_SESSIONS_SAMPLE } from './all-sessions.template.js';
import { HealthReport } from './health.js';
import { livePagesWords } from './live-pages.words.js';
import { OverviewPage } from './overview.page.js';
import { OVERVIEW, OVERVIEW_SAMPLE } from './overview.template.js';

/** The pages of admins that change while they are looked at. */
export const adminLivePagesFeature: Feature = {
  name: 'admin-live-pages',
  words: livePagesWords,
  pages: defineTemplates({
    'admin-overview': {
      source: OVERVIEW,
      sample: OVERVIEW_SAMPLE,
      scripts: ['live.js'],
      nav: { area: 'admin', order: 10, path: '/admin/ui' },
    },
    'admin-sessions': {
      source: ALL_SESSIONS,
      sample: ALL_SESSIONS_SAMPLE,
      scripts: ['live.js'],
      nav: { area: 'admin', order: 30, path: '/admin/ui/sessions', also: ['/admin/ui/end-everything'] },
    },
  }),
  controllers: [OverviewPage, AllSessionsPage],
  providers: [HealthReport],
};
