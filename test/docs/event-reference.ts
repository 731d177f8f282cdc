/** `docs/reference/events.md`, straight from what the features declare. */
export function eventReference(events: ReadonlyMap<string, string>): string {
  const rows = [...events].sort(([one], [other]) => (one < other ? -1 : 1));
  return `# Audit events

Generated from what the features declare; \`npm run docs\` writes it anew.

The audit (\`GET /admin/audit\`), its line in the log and webhooks use the same types. Every event has \`id\`, \`at\`, \`type\`, \`userId\` (whom it
happened to, wherever the server knows), \`actorId\` (who did it, if not the user), \`sessionId\`, \`reason\`, \`ip\`, \`userAgent\` and \`requestId\`;
whatever else it says is in \`details\`. No event holds a secret, a token or an e-mail address. \`GET /admin/audit?type=login.\` finds all
types that begin so. What a host records itself begins with \`app.\`.

| type | what happened |
|---|---|
${rows.map(([type, meaning]) => `| \`${type}\` | ${meaning.replaceAll('|', '\\|')} |`).join('\n')}
`;
}
