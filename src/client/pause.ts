/** Seconds until the next try: 2, 4, 8 ... 60 and up to three quarters more, or as long as the service said, so that not all come back at once. */
export const pauseAfter = (failures: number, retryAfter?: number) =>
  (retryAfter ?? Math.min(60, 2 ** failures) * 1.25) * (1 + Math.random() * 0.4);
