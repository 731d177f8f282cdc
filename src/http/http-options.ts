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
      description: 'How long a request may take. Then it is answered 503, and begins no further statement.',
    }),
  },
});
