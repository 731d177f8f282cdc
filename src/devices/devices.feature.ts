import type { Feature } from '../config/feature.js';
import { deleting } from '../kernel/cleanup-task.js';
import { DevicePersonalData } from './device.personal-data.js';
import { DeviceCookie } from './device-cookie.js';
import { DeviceHistoryEntity } from './device-history.entity.js';
import { DeviceList } from './device-list.js';
import { deviceMailTemplates } from './device-mail-templates.js';
import { DeviceMemory } from './device-memory.js';
import { deviceOptions } from './device-options.js';
import { DeviceVisits } from './device-visits.js';
import { DevicesController } from './devices.controller.js';
import { KnownDeviceEntity } from './known-device.entity.js';
import { KnownDevices } from './known-devices.js';
import { RememberedDevices } from './remembered-devices.holding.js';

export const devicesFeature: Feature = {
  name: 'devices',
  mails: deviceMailTemplates,
  options: deviceOptions,
  entities: [KnownDeviceEntity, DeviceHistoryEntity],
  controllers: [DevicesController],
  holdings: { remembered_devices: RememberedDevices },
  cleanups: { useFactory: () => [deleting('known_devices', 'expires_at'), deleting('device_history', 'expires_at')] },
  personalData: { devices: DevicePersonalData },
  providers: [DeviceCookie, KnownDevices, DeviceMemory, DeviceList, DeviceVisits],
};
