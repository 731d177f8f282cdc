import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

/** A name that the package exports, and the first sentence of its docstring. */
export interface PublicName {
  readonly name: string;
  /** The file that declares it, from the root of the sources. */
  readonly file: string;
  /** Undefined: it has none. */
  readonly sentence: string | undefined;
}

const SRC = resolve(__dirname, '../../src');
const parsed = new Map<string, ts.SourceFile>();

/** What a front door exports, one by one. */
export function namesOf(door: string): PublicName[] {
  return parse(join(SRC, door)).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause || !ts.isNamedExports(statement.exportClause))
      return [];
    const from = (statement.moduleSpecifier as ts.StringLiteral).text.replace(/\.js$/, '.ts');
    return statement.exportClause.elements.map((element) => {
      const file = resolve(SRC, from);
      const sentence = sentenceOf(file, (element.propertyName ?? element.name).text);
      return { name: element.name.text, file: file.slice(SRC.length + 1), sentence };
    });
  });
}

function parse(file: string): ts.SourceFile {
  const known = parsed.get(file);
  if (known) return known;
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, true);
  parsed.set(file, source);
  return source;
}

function sentenceOf(file: string, name: string): string | undefined {
  const source = parse(file);
  for (const statement of source.statements) {
    if (declares(statement, name)) return firstSentence(statement);
    const reExported = reExportOf(statement, name);
    if (reExported) return sentenceOf(resolve(dirname(file), reExported), name);
  }
  return undefined;
}

function declares(statement: ts.Statement, name: string): boolean {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.some((one) => ts.isIdentifier(one.name) && one.name.text === name);
  return (
    (ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isFunctionDeclaration(statement)) &&
    statement.name?.text === name
  );
}

function reExportOf(statement: ts.Statement, name: string): string | undefined {
  if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier || !statement.exportClause) return undefined;
  const clause = statement.exportClause;
  if (!ts.isNamedExports(clause) || !clause.elements.some((one) => one.name.text === name)) return undefined;
  return (statement.moduleSpecifier as ts.StringLiteral).text.replace(/\.js$/, '.ts');
}

function firstSentence(statement: ts.Statement): string | undefined {
  const [doc] = ts.getJSDocCommentsAndTags(statement);
  const text = doc && ts.isJSDoc(doc) ? ts.getTextOfJSDocComment(doc.comment) : undefined;
  const flat = text
    ?.replace(/\{@link (\w+)[^}]*\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim();
  return flat ? (/^.*?(?<!\be\.g|\bi\.e)\.(?= [A-Z`@{]|$)/.exec(flat)?.[0] ?? flat) : undefined;
}

/** `docs/reference/public-names.md`: what `coatcheck` promises, by the folder that declares it. */
export function publicNamesReference(names: readonly PublicName[]): string {
  const byFolder = new Map<string, PublicName[]>();
  for (const one of names) {
    const folder = one.file.includes('/') ? one.file.slice(0, one.file.lastIndexOf('/')) : 'coatcheck';
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), one]);
  }
  const sections = [...byFolder]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(
      ([folder, listed]) => `## ${folder}

| name | |
|---|---|
${[...listed]
  .sort((one, other) => one.name.localeCompare(other.name))
  .map(({ name, sentence }) => `| \`${name}\` | ${sentence?.replaceAll('|', '\\|')} |`)
  .join('\n')}
`,
    );
  return `# Public names

Generated from the source code by \`npm run docs\`. Do not edit it by hand.

What \`coatcheck\` exports is promised: a name is added by a minor version, and removed or changed by a major one only. Each has its full docstring in
the types that the package ships. \`coatcheck/testing\` is promised likewise. What \`coatcheck/internal\` exports is not: it is there for teams that must
change more than the doors allow, and may change or go with any release. What neither exports cannot be imported.

${sections.join('\n')}`;
}
