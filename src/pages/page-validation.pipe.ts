import { type ArgumentMetadata, Injectable } from '@nestjs/common';
import { StrictValidationPipe } from '../http/validation.pipe.js';

/** Fields that every form and every address of a page may have beside its own. */
const OF_EVERY_PAGE: Readonly<Record<string, string>> = { body: '_csrf', query: 'lang' };

/** As strict as the JSON routes: an unknown field is an error, and nothing is converted. */
@Injectable()
export class PageValidationPipe extends StrictValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const known = OF_EVERY_PAGE[metadata.type];
    // One field that was asked for by its name is not the whole.
    if (known === undefined || metadata.data !== undefined || typeof value !== 'object' || value === null)
      return super.transform(value, metadata);
    const { [known]: _left, ...own } = value as Record<string, unknown>;
    return super.transform(own, metadata);
  }
}
