import { defineOptions, seconds } from '../config/option-section.js';

export interface HttpOptions {
  readonly requestDeadlineSeconds: number;
}

export const httpOptions = defineOptions<HttpOptions>({
  title: 'Requests',
  specs: {
    requestDeadlineSeconds: seconds({
      default: 10,
      min: 1,
      max: 300,
      description:
        'Time limit of a request. When it is reached, the request is answered with 503 and starts no further statement.',
    }),
  },
});
