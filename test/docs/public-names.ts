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

/** What a front door exports, one by one: what it hands on by name, and what it declares itself. */
export function namesOf(door: string): PublicName[] {
  const path = join(SRC, door);
  return parse(path).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement))
      return declaredBy(statement).map((name) => ({ name, file: door, sentence: firstSentence(statement) }));
    if (!statement.exportClause || !ts.isNamedExports(statement.exportClause)) return [];
    const from = (statement.moduleSpecifier as ts.StringLiteral).text.replace(/\.js$/, '.ts');
    return statement.exportClause.elements.map((element) => {
      const file = resolve(dirname(path), from);
      const sentence = sentenceOf(file, (element.propertyName ?? element.name).text);
      return { name: element.name.text, file: file.slice(SRC.length + 1), sentence };
    });
  });
}

/** The other front doors of the package that are promised, by what they are imported as. */
export function otherDoors(): [specifier: string, door: string][] {
  const { exports } = JSON.parse(readFileSync(join(SRC, '../package.json'), 'utf8')) as {
    exports: Record<string, { types?: string }>;
  };
  return Object.entries(exports).flatMap(([path, { types }]) =>
    types?.startsWith('./dist/src/') && !/^\.(\/internal|\/jest-preset)?$/.test(path)
      ? [[`coatcheck${path.slice(1)}`, types.slice('./dist/src/'.length).replace(/\.d\.ts$/, '.ts')]]
      : [],
  );
}

/** Names that a statement declares and exports. */
function declaredBy(statement: ts.Statement): string[] {
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (!isExported) return [];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  return isNamedDeclaration(statement) && statement.name ? [statement.name.text] : [];
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
  return isNamedDeclaration(statement) && statement.name?.text === name;
}

function isNamedDeclaration(
  statement: ts.Statement,
): statement is ts.ClassDeclaration | ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.FunctionDeclaration {
  return (
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isFunctionDeclaration(statement)
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

/** `docs/reference/public-names.md`: what the package promises, of `coatcheck` by the folder that declares it, of its other doors by door. */
export function publicNamesReference(
  names: readonly PublicName[],
  others: readonly [specifier: string, names: readonly PublicName[]][],
): string {
  const byFolder = new Map<string, PublicName[]>();
  for (const one of names) {
    const folder = one.file.includes('/') ? one.file.slice(0, one.file.lastIndexOf('/')) : 'coatcheck';
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), one]);
  }
  const folders = [...byFolder].sort(([one], [other]) => one.localeCompare(other));
  const doors = others.map(([specifier, listed]) => section(`\`${specifier}\``, listed));
  const sections = [...folders.map(([folder, listed]) => section(folder, listed)), ...doors];
  return `# Public names

Generated from the source code by \`npm run docs\`. Do not edit it by hand.

What \`coatcheck\` exports is promised: a name is added by a minor version, and removed or changed by a major one only. Each has its full docstring in
the types that the package ships. The other doors that are listed below it are promised likewise. What \`coatcheck/internal\` exports is not: it is there for teams that must
change more than the doors allow, and may change or go with any release. What neither exports cannot be imported.

${sections.join('\n')}`;
}

function section(title: string, listed: readonly PublicName[]): string {
  return `## ${title}

| name | |
|---|---|
${[...listed]
  .sort((one, other) => one.name.localeCompare(other.name))
  .map(({ name, sentence }) => `| \`${name}\` | ${sentence?.replaceAll('|', '\\|')} |`)
  .join('\n')}
`;
}
