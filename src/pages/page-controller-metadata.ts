/** Metadata of a controller of pages: its area. */
export const PAGE_AREA = 'coatcheck:page-area';
