import { SetMetadata } from '@nestjs/common';

/** Metadata of a handler that {@link AskedByOwnPage} marks. */
export const ASKED_BY_OWN_PAGE = 'coatcheck:asked-by-own-page';

/**
 * Refuses a GET to which a page of another site leads the browser: for downloads, which are limited or recorded, so that no foreign link can
 * use up a user's limit or cause a record. A person who types the address is let in.
 */
export const AskedByOwnPage = (): MethodDecorator => SetMetadata(ASKED_BY_OWN_PAGE, true);
