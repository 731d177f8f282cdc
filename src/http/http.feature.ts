import type { Feature } from '../config/feature.js';
import { DeadlineInterceptor } from './deadline.interceptor.js';
import { Deadlines } from './deadlines.js';
import { GatewayRefusals } from './gateway-refusals.js';
import { GenericCredentialErrorInterceptor } from './generic-credential-error.interceptor.js';
import { httpOptions } from './http-options.js';
import { JsonBodyGuard } from './json-body.guard.js';
import { NoStoreInterceptor } from './no-store.interceptor.js';
import { ProblemDetailsFilter } from './problem-details.filter.js';
import { StrictValidationPipe } from './validation.pipe.js';

export const httpFeature: Feature = {
  name: 'http',
  options: httpOptions,
  providers: [
    ProblemDetailsFilter,
    GatewayRefusals,
    GenericCredentialErrorInterceptor,
    NoStoreInterceptor,
    Deadlines,
    DeadlineInterceptor,
    JsonBodyGuard,
    StrictValidationPipe,
  ],
};
