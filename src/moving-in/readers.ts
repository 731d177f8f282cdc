import { betterAuthReader } from './better-auth/better-auth.reader.js';
import { clerkReader } from './clerk/clerk.reader.js';
import { deviseReader } from './devise/devise.reader.js';
import { djangoReader } from './django/django.reader.js';
import type { ExportReader } from './export-reader.js';
import { wordpressReader } from './wordpress/wordpress.reader.js';

/** The systems that users can be moved in from: one line each. */
export const exportReaders: readonly ExportReader[] = [
  betterAuthReader,
  clerkReader,
  deviseReader,
  djangoReader,
  wordpressReader,
];
