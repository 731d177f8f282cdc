import type { Feature } from '../config/feature.js';
import { deleting } from '../kernel/cleanup-task.js';
import { defineTemplates } from '../pages/define-templates.js';
import { AccountSessionsPage } from './account-sessions.page.js';
import { ACCOUNT_SESSIONS, ACCOUNT_SESSIONS_OTHERS } from './account-sessions.template.js';
import { DevicePersonalData } from './device.personal-data.js';
import { DeviceCookie } from './device-cookie.js';
import { DeviceHistoryEntity } from './device-history.entity.js';
import { DeviceList } from './device-list.js';
import { deviceMailTemplates } from './device-mail-templates.js';
import { DeviceNotes } from './device-notes.js';
import { deviceOptions } from './device-options.js';
import { DeviceVisits } from './device-visits.js';
import { DevicesController } from './devices.controller.js';
import { devicesWords } from './devices.words.js';
import { KnownDeviceEntity } from './known-device.entity.js';
import { KnownDevicesHolding } from './known-devices.holding.js';
import { KnownDevices } from './known-devices.js';

export const devicesFeature: Feature = {
  name: 'devices',
  mails: deviceMailTemplates,
  options: deviceOptions,
  entities: [KnownDeviceEntity, DeviceHistoryEntity],
  controllers: [DevicesController, AccountSessionsPage],
  pages: defineTemplates({
    'account-sessions': {
      source: ACCOUNT_SESSIONS,
      sample: {
        live: '/account/sessions/live?after=x',
        sessions: [
          {
            id: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11',
            device: 'Firefox on Linux',
            ip: '203.0.113.7',
            amr: ['pwd', 'otp'],
            createdAt: new Date(0),
            lastSeenAt: new Date(0),
            isCurrent: true,
            isActing: false,
            isImpersonated: false,
          },
        ],
        nextCursor: null as string | null,
        devices: [
          {
            id: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f12',
            device: 'Firefox on Linux',
            lastSeenAt: new Date(0),
            rememberedUntil: new Date(0) as Date | null,
          },
        ],
      },
      nav: { area: 'account', order: 20, path: '/account/sessions' },
      scripts: ['live.js'],
    },
    'account-sessions-others': { source: ACCOUNT_SESSIONS_OTHERS, sample: { others: 3, isMore: false } },
  }),
  words: devicesWords,
  holdings: { known_devices: KnownDevicesHolding },
  cleanups: { useFactory: () => [deleting('known_devices', 'expires_at'), deleting('device_history', 'expires_at')] },
  personalData: { devices: DevicePersonalData },
  providers: [DeviceCookie, KnownDevices, DeviceNotes, DeviceList, DeviceVisits],
};
