// Prints the types of the routes that pages use, from the document that the build has written (`dist/openapi.json`).
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';

const root = resolve(import.meta.dirname, '../..');
const HEADER = `// Generated from the OpenAPI document by \`npm run docs\`. Do not edit it by hand.

`;

/** What a page never calls: machines do, or the browser itself. */
const isForPages = (path) => /^\/(auth|admin)\//.test(path);

/** Of all problems of a route one, with the codes that it may answer with: the document lists them as examples. */
function withCodes(operation) {
  delete operation.description;
  const codes = new Set();
  const answers = {};
  for (const [status, { content }] of Object.entries(operation.responses)) {
    const problem = content?.['application/problem+json'];
    if (problem) for (const code of Object.keys(problem.examples)) codes.add(code);
    else answers[status] = { description: '', content };
  }
  const schema = { type: 'object', properties: { code: { type: 'string', enum: [...codes] } }, required: ['code'] };
  operation.responses = {
    ...answers,
    default: { description: '', content: { 'application/problem+json': { schema } } },
  };
}

/** The schemas that these paths speak of, and those that these do. */
function onlyUsed({ paths, components }) {
  const used = new Set();
  const visit = (part) => {
    for (const [, name] of JSON.stringify(part).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(components.schemas[name]);
    }
  };
  visit(paths);
  // What every problem is.
  used.add('ProblemDetails').add('ProblemField').add('StepUpField');
  return Object.fromEntries(Object.entries(components.schemas).filter(([name]) => used.has(name)));
}

/** Without what says that something is not there. */
function lean(text) {
  return text
    .replace(/^ *headers: \{\s+\[name: string\]: unknown;\s+\};\n/gm, '')
    .replace(/^ *\w+\?: never;\n/gm, '')
    .replace(/^ *(parameters|content): \{\s*\};\n/gm, '')
    .replace(/^ *\/\*\* @(description|enum) ?(\{string\} )?\*\/\n/gm, '')
    .replace(/^( *)(\d+: \{)\s+content: \{\s+("[^"]+": [^;{]+;)\s+\};\s+\};\n/gm, '$1$2 content: { $3 } };\n')
    .replace(
      /^( *)requestBody(\??): \{\s+content: \{\s+([^;{]+;)\s+\};\s+\};\n/gm,
      '$1requestBody$2: { content: { $3 } };\n',
    )
    .replace(
      /default: \{\s+content: \{\s+("application\/problem\+json": \{)\s+code: ([^;]+;)\s+\};\s+\};\s+\};/g,
      'default: { content: { $1 code: $2 } } };',
    )
    .replaceAll('Record<string, never>', 'Record<string, unknown>')
    .replace(/^export type \w+ = Record<string, unknown>;\n/gm, '')
    .replace(/^ {4,}/gm, (indent) => ' '.repeat(indent.length / 2));
}

const document = JSON.parse(readFileSync(resolve(root, 'dist/openapi.json'), 'utf8'));
document.paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => isForPages(path)));
delete document.webhooks;
for (const path of Object.values(document.paths)) for (const operation of Object.values(path)) withCodes(operation);
document.components = { schemas: onlyUsed(document) };
process.stdout.write(HEADER + lean(astToString(await openapiTS(document))));
