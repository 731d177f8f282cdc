import { sectionsOf } from '../features.js';
import { serviceFeature } from './service.feature.js';

/** Every option of the service. */
export const serviceSections = sectionsOf({ features: [serviceFeature] });
