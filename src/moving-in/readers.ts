import type { ExportReader } from './export-reader.js';

/** The systems that users can be moved in from: one line each. */
export const exportReaders: readonly ExportReader[] = [];
