import { auth0Reader } from './auth0/auth0.reader.js';
import { cognitoReader } from './cognito/cognito.reader.js';
import type { ExportReader } from './export-reader.js';
import { firebaseReader } from './firebase/firebase.reader.js';
import { keycloakReader } from './keycloak/keycloak.reader.js';
import { supabaseReader } from './supabase/supabase.reader.js';

/** The systems that users can be moved in from: one line each. */
export const exportReaders: readonly ExportReader[] = [
  auth0Reader,
  cognitoReader,
  firebaseReader,
  keycloakReader,
  supabaseReader,
];
