/** `docs/reference/events.md`, straight from what the features declare. */
export function eventReference(events: ReadonlyMap<string, string>): string {
  const rows = [...events].sort(([one], [other]) => (one < other ? -1 : 1));
  return `# Audit events

Generated from the source code by \`npm run docs\`. Do not edit it by hand.

The audit log (\`GET /admin/audit\`), the service log and webhooks use the same event types. Every event has \`id\`, \`at\`, \`type\`, \`userId\`
(the user concerned, whenever the server knows them), \`actorId\` (the acting user, if it is another one), \`sessionId\`, \`reason\`, \`ip\`, \`userAgent\` and
\`requestId\`; further values are in \`details\`. No event contains a secret, a token or an e-mail address. \`GET /admin/audit?type=login.\` finds all
types with that prefix. Events that a host application records begin with \`app.\`.

| type | what happened |
|---|---|
${rows.map(([type, meaning]) => `| \`${type}\` | ${meaning.replaceAll('|', '\\|')} |`).join('\n')}
`;
}
