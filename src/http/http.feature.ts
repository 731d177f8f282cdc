import type { Feature } from '../config/feature.js';
import { DeadlineInterceptor } from './deadline.interceptor.js';
import { Deadlines } from './deadlines.js';
import { GatewayRefusals } from './gateway-refusals.js';
import { GenericCredentialErrorInterceptor } from './generic-credential-error.interceptor.js';
import { HostEnhancers } from './host-enhancers.js';
import { httpOptions } from './http-options.js';
import { JsonBodyGuard } from './json-body.guard.js';
import { MountedRoutes } from './mounted-routes.js';
import { Mounting } from './mounting.js';
import { NoStoreInterceptor } from './no-store.interceptor.js';
import { ProblemDetailsFilter } from './problem-details.filter.js';
import { PublicFetch } from './public-fetch.js';
import { ReplyInterceptor } from './reply.interceptor.js';
import { UnreadRequests } from './unread-requests.js';
import { StrictValidationPipe } from './validation.pipe.js';
import { WellKnownDocuments } from './well-known.js';

export const httpFeature: Feature = {
  name: 'http',
  options: httpOptions,
  providers: [
    HostEnhancers,
    Mounting,
    MountedRoutes,
    WellKnownDocuments,
    UnreadRequests,
    ProblemDetailsFilter,
    PublicFetch,
    ReplyInterceptor,
    GatewayRefusals,
    GenericCredentialErrorInterceptor,
    NoStoreInterceptor,
    Deadlines,
    DeadlineInterceptor,
    JsonBodyGuard,
    StrictValidationPipe,
  ],
};
