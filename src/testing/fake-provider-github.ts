import {
  type AnswerOf,
  bearerOf,
  isOfClient,
  oauthError,
  type ProviderAnswer,
  type ProviderRoutes,
} from './fake-provider-answers.js';
import { authorization } from './fake-provider-authorization.js';
import { token } from './fake-provider-tokens.js';

const DEFAULT_SCOPES = 'read:user,user:email';

/** GitHub refuses a code with status 200, and answers in the form of a query unless JSON is asked for. */
const accessToken: AnswerOf = async (provider, question) => {
  const isJson = question.headers.accept?.includes('application/json');
  const given = new URLSearchParams(question.parameters);
  if (!given.has('grant_type')) given.set('grant_type', 'authorization_code');
  const { body } = await token(provider, { ...question, parameters: given });
  const { error, error_description, access_token } = body as Record<string, string>;
  const told = error
    ? { error: error === 'invalid_grant' ? 'bad_verification_code' : error, error_description }
    : { access_token, token_type: 'bearer', scope: DEFAULT_SCOPES, ...provider.wrong.tokenReply };
  if (isJson) return { status: 200, body: told };
  const form = new URLSearchParams(told as Record<string, string>).toString();
  return { status: 200, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form };
};

/** `GET /user`: a numeric id, and an address only where the person shows one. */
const user: AnswerOf = (provider, question) => {
  const issued = provider.grants.find('access', bearerOf(question));
  if (!question.headers['user-agent'])
    return { status: 403, body: { message: 'Request forbidden by administrative rules' } };
  if (!issued) return badCredentials();
  const { subject, name, claims } = issued.grant.login.person;
  const body = {
    id: Number(subject),
    login: `login-${subject}`,
    name,
    email: null,
    ...claims,
    ...provider.wrong.userinfo,
  };
  return { status: 200, body };
};

/** `GET /user/emails`. */
const emails: AnswerOf = (provider, question) => {
  const issued = provider.grants.find('access', bearerOf(question));
  if (!issued) return badCredentials();
  const { email, emailVerified, subject } = issued.grant.login.person;
  const hidden = { email: `${subject}@users.noreply.github.com`, primary: false, verified: true, visibility: null };
  const primary = { email, primary: true, verified: emailVerified, visibility: 'private' };
  return { status: 200, body: email === null ? [hidden] : [hidden, primary] };
};

/** `POST /applications/{client_id}/token`: 404 for a token that is good no longer. */
const check: AnswerOf = async (provider, question) => {
  if (!(await isOfClient(provider, question))) return badCredentials();
  const given = typeof question.json.access_token === 'string' ? question.json.access_token : null;
  if (question.method === 'DELETE') {
    provider.grants.revoke(given ?? '');
    return { status: 204 };
  }
  const issued = provider.grants.find('access', given);
  if (!issued) return { status: 404, body: { message: 'Not Found' } };
  const { person, scopes } = issued.grant.login;
  const told = { id: Number(person.subject), login: `login-${person.subject}`, ...provider.wrong.userinfo };
  return { status: 200, body: { id: 1, token: given, app: { client_id: provider.clientId }, scopes, user: told } };
};

function badCredentials(): ProviderAnswer {
  return { ...oauthError(401, 'bad_credentials'), body: { message: 'Bad credentials', status: '401' } };
}

/** Those of github.com lie on two hosts; a GitHub Enterprise server has the second below `/api/v3`. Both are here. */
export function gitHubRoutes(clientId: string): ProviderRoutes {
  const api: ProviderRoutes = {
    '/user': ['userinfo', user],
    '/user/emails': ['emails', emails],
    [`/applications/${clientId}/token`]: ['check', check],
  };
  const below = Object.fromEntries(Object.entries(api).map(([path, route]) => [`/api/v3${path}`, route]));
  return {
    '/login/oauth/authorize': ['authorization', authorization],
    '/login/oauth/access_token': ['token', accessToken],
    ...api,
    ...below,
  };
}
