/** No line of the service is longer: of the first, a minute's unsettled revocations. */
const MAX_CHARACTERS = 4_194_304;

/**
 * The lines of a stream, as many at a time as came together. Ends when the stream does, and rejects when the signal aborts: a reader that waits
 * for bytes that never come is woken.
 */
export async function* linesOf(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<string[]> {
  const reader = body.getReader();
  const abort = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', abort);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      if (rest.length > MAX_CHARACTERS) throw new TypeError('the service sent a line that is too long');
      const lines = rest.split('\n');
      rest = lines.pop()!;
      const whole = lines.filter((line) => line !== '');
      // Bytes without a line are a sign of life too.
      yield whole;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    abort();
  }
}
