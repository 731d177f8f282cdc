import type { Feature } from '../config/feature.js';
import { deleting } from '../kernel/cleanup-task.js';
import { AttemptSlots } from './attempt-slots.js';
import { DeviceHistoryEntity } from './devices/device-history.entity.js';
import { DeviceVisits } from './devices/device-visits.js';
import { DevicesController } from './devices/devices.controller.js';
import { KnownDeviceEntity } from './devices/known-device.entity.js';
import { KnownDevices } from './devices/known-devices.js';
import { RememberedDevices } from './devices/remembered-devices.js';
import { EnrolmentService } from './enrolment.service.js';
import { EnrolmentProof } from './enrolment-proof.js';
import { factorEvents } from './factor-events.js';
import { FailedLogins } from './failed-logins.js';
import { FactorFailuresEntity } from './lockout/factor-failures.entity.js';
import { FactorFailures } from './lockout/factor-failures.js';
import { FactorNotifications } from './lockout/factor-notifications.js';
import { LockNotifications } from './lockout/lock-notifications.js';
import { LockoutEntity } from './lockout/lockout.entity.js';
import { Lockout } from './lockout/lockout.js';
import { UnlockController } from './lockout/unlock.controller.js';
import { UnlockLinks } from './lockout/unlock-links.js';
import { LoginController } from './login.controller.js';
import { LoginService } from './login.service.js';
import { LoginAttempts } from './login-attempts.js';
import { LoginEligibility } from './login-eligibility.js';
import { loginEvents } from './login-events.js';
import { loginMailTemplates } from './login-mail-templates.js';
import { loginOptions } from './login-options.js';
import { LoginOutcomes, loginMetricDescriptions, loginMetrics } from './login-outcomes.js';
import { LoginSteps } from './login-steps.js';
import { Reauthentication } from './reauthentication.js';
import { SessionRenewal } from './session-renewal.js';
import { StepUpController } from './step-up.controller.js';
import { UnprovenAddresses } from './unproven-addresses.js';

const YEAR_SECONDS = 365 * 86_400;

export const loginFeature: Feature = {
  name: 'login',
  mails: loginMailTemplates,
  events: { ...loginEvents, ...factorEvents },
  options: loginOptions,
  entities: [LockoutEntity, FactorFailuresEntity, KnownDeviceEntity, DeviceHistoryEntity],
  controllers: [LoginController, StepUpController, UnlockController, DevicesController],
  holdings: { remembered_devices: RememberedDevices, unlock_links: UnlockLinks },
  cleanups: {
    useFactory: () => [
      deleting('lockouts', 'expires_at'),
      // In a row for as long as that; also what is left of users who are gone.
      deleting('factor_failures', 'failed_at', YEAR_SECONDS),
      deleting('known_devices', 'expires_at'),
      deleting('device_history', 'expires_at'),
    ],
  },
  metrics: { declared: loginMetricDescriptions, inject: [LoginOutcomes], useFactory: loginMetrics },
  providers: [
    LoginEligibility,
    EnrolmentProof,
    EnrolmentService,
    FailedLogins,
    KnownDevices,
    DeviceVisits,
    FactorFailures,
    FactorNotifications,
    Lockout,
    LockNotifications,
    AttemptSlots,
    LoginAttempts,
    LoginOutcomes,
    LoginService,
    LoginSteps,
    Reauthentication,
    SessionRenewal,
    UnprovenAddresses,
  ],
};
