import { problemOf, type ReadFile, readListFile } from '../../config/list-file.js';
import type { ConfigurationProblem } from '../../config/option-section.js';
import type { ResourceDescription } from './oauth-resource.js';
import { type ResourceParams, resourceErrors } from './resource-rules.js';
import { resourceUriProblem } from './resource-uri.js';

const FIELDS = ['uri', 'name', 'scopes', 'accessTokenSeconds', 'operatorClientId'];

/** Reads `OAUTH_RESOURCES`: a list of APIs, each as admins give it, with its `uri`. */
export function readResourceFile(file: string): ReadFile<ResourceDescription> {
  const { entries, problems } = readListFile(file, 'oauthResources');
  const found: ConfigurationProblem[] = [...problems];
  const uris = new Set<unknown>();
  const resources = entries.flatMap((entry, i) => {
    const { uri } = entry;
    const uriProblem = typeof uri === 'string' ? resourceUriProblem(uri) : 'must be a text';
    const name = uriProblem === null ? String(uri) : `number ${i + 1}`;
    const errors = [
      ...Object.keys(entry)
        .filter((field) => !FIELDS.includes(field))
        .map((field) => `${field} is not a known property`),
      ...(uriProblem === null ? [] : [`uri ${uriProblem}`]),
      ...(uris.has(uri) ? ['uri must not be used twice'] : []),
      ...resourceErrors(entry).map(({ message }) => message),
    ];
    uris.add(uri);
    found.push(...errors.map((error) => problemOf('oauthResources', `resource ${name}: ${error}`)));
    return errors.length === 0 ? [describedBy(uri as string, entry as unknown as ResourceParams)] : [];
  });
  return { entries: resources, problems: found };
}

/** The description of an API by an admin or the file. */
export function describedBy(uri: string, params: ResourceParams): ResourceDescription {
  const { name = uri, scopes, accessTokenSeconds = null, operatorClientId = null } = params;
  return { uri, name, scopes, accessTokenSeconds, operatorClientId };
}
