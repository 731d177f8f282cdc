import { auth0Reader } from './auth0/auth0.reader.js';
import { betterAuthReader } from './better-auth/better-auth.reader.js';
import { clerkReader } from './clerk/clerk.reader.js';
import { cognitoReader } from './cognito/cognito.reader.js';
import { deviseReader } from './devise/devise.reader.js';
import { djangoReader } from './django/django.reader.js';
import type { ExportReader } from './export-reader.js';
import { firebaseReader } from './firebase/firebase.reader.js';
import { keycloakReader } from './keycloak/keycloak.reader.js';
import { supabaseReader } from './supabase/supabase.reader.js';
import { wordpressReader } from './wordpress/wordpress.reader.js';

/** The systems that users can be moved in from: one line each. */
export const exportReaders: readonly ExportReader[] = [
  auth0Reader,
  betterAuthReader,
  clerkReader,
  cognitoReader,
  deviseReader,
  djangoReader,
  firebaseReader,
  keycloakReader,
  supabaseReader,
  wordpressReader,
];
