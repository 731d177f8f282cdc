import { calledUri, type GivenMetadata, httpsUri, isTextList, type Tell } from './metadata-fields.js';

/** Shown to people only, never fetched. */
const SHOWN_URIS = ['client_uri', 'policy_uri', 'tos_uri', 'logo_uri'] as const;

const CONTACT = /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-zA-Z0-9-]{1,63}(\.[a-zA-Z0-9-]{1,63}){0,10}$/;

/** Where the client is called by this service or by browsers. */
export function calledUris(given: GivenMetadata, tell: Tell): object {
  const { backchannel_logout_uri: logout, initiate_login_uri: initiate } = given;
  const isTold = logout !== undefined && logout !== null;
  return {
    // Every client that is told learns which session it was.
    ...(isTold && { ...calledUri('backchannel_logout_uri', logout, tell), backchannel_logout_session_required: true }),
    ...(initiate !== undefined && initiate !== null && httpsUri('initiate_login_uri', initiate, tell)),
  };
}

/** The fields in which the client describes itself to people. */
export function shown(given: GivenMetadata, tell: Tell): object {
  const uriFields = SHOWN_URIS.filter((field) => given[field] !== undefined && given[field] !== null);
  const shownUris = uriFields.map((field) => calledUri(field, given[field], tell));
  const { contacts } = given;
  if (contacts === undefined || contacts === null) return Object.assign({}, ...shownUris);
  const areAddresses = isTextList(contacts) && contacts.length <= 10 && contacts.every((one) => CONTACT.test(one));
  if (!areAddresses) tell('contacts', 'must be a list of at most 10 e-mail addresses');
  return Object.assign({}, ...shownUris, { contacts });
}
