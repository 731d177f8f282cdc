import { defineWords } from '../../languages/define-words.js';

/** The words of its pages and mails. */
export const oauthGrantsWords = defineWords({
  en: {
    'mail.way.oauth_client': 'an application that may act for you: {detail}',
    'account-delete.ends.oauthGrants.one': '{count} application with access to your account',
    'account-delete.ends.oauthGrants.other': '{count} applications with access to your account',
    'held.session_grants.one': '{count} application signed in by a session',
    'held.session_grants.other': '{count} applications signed in by a session',
    'held.offline_grants.one': '{count} application that acts without a session',
    'held.offline_grants.other': '{count} applications that act without a session',
  },
  de: {
    'mail.way.oauth_client': 'eine Anwendung, die für Sie handeln darf: {detail}',
    'account-delete.ends.oauthGrants.one': '{count} Anwendung mit Zugriff auf Ihr Konto',
    'account-delete.ends.oauthGrants.other': '{count} Anwendungen mit Zugriff auf Ihr Konto',
    'held.session_grants.one': '{count} durch eine Sitzung angemeldete Anwendung',
    'held.session_grants.other': '{count} durch eine Sitzung angemeldete Anwendungen',
    'held.offline_grants.one': '{count} Anwendung, die ohne Sitzung handelt',
    'held.offline_grants.other': '{count} Anwendungen, die ohne Sitzung handeln',
  },
});
