import { StreamableFile } from '@nestjs/common';
import type { JsonFile } from './json-file.js';

/** A JSON file that a browser saves. What fails while it is under way cuts the connection, so that a half is not taken for the whole. */
export function downloadOf({ name, content }: JsonFile): StreamableFile {
  const file = new StreamableFile(content, {
    type: 'application/json; charset=utf-8',
    disposition: `attachment; filename="${name}"`,
  });
  return file.setErrorHandler((_error, response) => response.destroy?.());
}
