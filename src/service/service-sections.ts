import { sectionsOf } from '../auth.module.js';
import { serviceFeature } from './service.feature.js';

/** Every option of the service. */
export const serviceSections = sectionsOf({ features: [serviceFeature] });
