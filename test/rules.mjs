import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/*
 * Which rule is proven where, and over what, as the titles of the tests say it.
 *
 *   node test/rules.mjs                  prints test/README.md as it should be
 *   node test/rules.mjs --write          writes it
 *   node test/rules.mjs --at <revision>  prints every rule of that revision of the repository, one a line
 *   node test/rules.mjs --lost <revision>  prints those of them whose title is nowhere any more
 */

const ROOT = join(import.meta.dirname, '..');
const README = join(ROOT, 'test/README.md');
const FOLDERS = ['src', 'test'];
const isOfRules = (file) => /\.(spec|contract)\.ts$/.test(file) && /^(src|test)\//.test(file);
const WRAPPERS = {
  overStores: 'each kind of store',
  overStrategies: 'each strategy',
  overStoresAndStrategies: 'each kind of store and each strategy once',
  overEveryCombination: 'each strategy × each store',
};

/** @returns {{ file: string, rules: { title: string, over: string }[] }[]} by file, each rule once for everything it runs over. */
function rulesOf(files) {
  return files
    .map(({ file, text }) => ({ file, rules: rulesOfText(file, text) }))
    .filter(({ rules }) => rules.length > 0);
}

function rulesOfText(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const constants = new Map();
  const functions = new Map();
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name) functions.set(statement.name.text, statement);
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations)
      if (initializer && ts.isNumericLiteral(initializer)) constants.set(name.getText(), initializer.text);
  }
  const found = new Map();
  const active = new Set();

  const titleOf = (node) => {
    if (ts.isStringLiteralLike(node)) return node.text;
    if (!ts.isTemplateExpression(node)) return `\${${node.getText()}}`;
    const spans = node.templateSpans.map(({ expression, literal }) => {
      const code = expression.getText();
      return (constants.get(code) ?? `\${${code}}`) + literal.text;
    });
    return node.head.text + spans.join('');
  };
  const add = (title, over, path) => {
    const rule = [...path, title].join(' › ');
    const all = found.get(rule) ?? new Set();
    found.set(rule, all.add(over.length > 0 ? over.join(', ') : 'once'));
  };

  const visit = (node, over, path) => {
    if (ts.isFunctionDeclaration(node) && functions.get(node.name?.text) === node && !active.has(node)) return;
    if (ts.isForOfStatement(node)) return visit(node.statement, [...over, `each of ${short(node.expression)}`], path);
    if (!ts.isCallExpression(node)) return node.forEachChild((child) => visit(child, over, path));
    const call = callOf(node);
    if (!call) return visitCall(node, over, path);
    const [title, ...rest] = node.arguments;
    const wider = call.each ? [...over, `each of ${short(call.each)}`] : over;
    if (call.kind === 'rule') return add(titleOf(title), wider, path);
    for (const inner of rest) visit(inner, wider, [...path, titleOf(title)]);
  };
  const visitCall = (node, over, path) => {
    const name = ts.isIdentifier(node.expression) ? node.expression.text : '';
    if (/^exercise[A-Z]/.test(name)) add(`every rule of ${name}`, over, path);
    const wrapper = WRAPPERS[name];
    const wider = wrapper ? [...over, node.arguments[1] ? `${wrapper} of ${short(node.arguments[1])}` : wrapper] : over;
    const called = functions.get(name);
    if (called?.body && !active.has(called)) {
      active.add(called);
      called.body.forEachChild((child) => visit(child, wider, path));
      active.delete(called);
    }
    node.forEachChild((child) => {
      const inner = ts.isIdentifier(child) ? functions.get(child.text) : undefined;
      if (inner?.body && wrapper) inner.body.forEachChild((one) => visit(one, wider, path));
      else visit(child, wider, path);
    });
  };

  source.forEachChild((child) => visit(child, [], []));
  // A contract is a function that others call: its rules are found in it.
  if (found.size === 0) for (const one of functions.values()) one.body?.forEachChild((child) => visit(child, [], []));
  return [...found].map(([title, over]) => ({ title, over: [...over].join('; ') }));
}

/** `it('…')`, `describe.each(rows)('…')`, `(isInstalled ? it : it.skip)('…')` and the like. */
function callOf({ expression }) {
  let each;
  let callee = expression;
  if (ts.isCallExpression(callee) || ts.isTaggedTemplateExpression(callee)) {
    const inner = ts.isCallExpression(callee) ? callee.expression : callee.tag;
    if (!ts.isPropertyAccessExpression(inner) || inner.name.text !== 'each') return null;
    each = ts.isCallExpression(callee) ? callee.arguments[0] : callee.template;
    callee = inner.expression;
  }
  for (;;) {
    if (ts.isParenthesizedExpression(callee)) callee = callee.expression;
    else if (ts.isConditionalExpression(callee)) callee = callee.whenTrue;
    else if (ts.isPropertyAccessExpression(callee) && /^(skip|only|concurrent|failing)$/.test(callee.name.text))
      callee = callee.expression;
    else break;
  }
  if (!ts.isIdentifier(callee)) return null;
  if (callee.text === 'describe') return { kind: 'group', each };
  return callee.text === 'it' || callee.text === 'test' ? { kind: 'rule', each } : null;
}

/** What it runs over, as short as it can be told. */
function short(node) {
  const inner = ts.isAsExpression(node) ? node.expression : node;
  const text = inner.getText().replace(/\s+/g, ' ');
  if (ts.isArrayLiteralExpression(inner) && text.length > 40) return `${inner.elements.length} cases`;
  return text.length > 60 ? 'its cases' : `\`${text}\``;
}

function filesHere() {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(
      (file) => `${folder}/${file.replaceAll('\\', '/')}`,
    ),
  )
    .filter((file) => isOfRules(file) && !file.includes('node_modules'))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));
}

function filesAt(revision) {
  const git = (...command) => execFileSync('git', command, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28 });
  return git('ls-tree', '-r', '--name-only', revision)
    .split('\n')
    .filter(isOfRules)
    .map((file) => ({ file, text: git('show', `${revision}:${file}`) }));
}

function readme(files) {
  const count = files.reduce((sum, { rules }) => sum + rules.length, 0);
  return `# What is proven where

${count} rules in ${files.length} files, read from the titles of the tests by \`rules.mjs\`; \`npm run write:test-readme\` writes this page, and a test
fails while it is stale. \`node test/rules.mjs --at <revision>\` lists the rules of another revision, \`--lost <revision>\` those whose title is nowhere any more.

A rule runs over what it depends on. Rules about what carries a ticket run over both strategies; rules about where sessions are kept over the database and
Redis; the rest once. The contract suites (\`exercise…\`) prove each store, and the trunk (\`flows/trunk.contract.ts\`) the full product of strategies and stores.
\`npm test\` runs all of it but [the lab](lab/README.md), which continuous integration runs too.

${files.map(section).join('\n')}`;
}

function section({ file, rules }) {
  const once = file.endsWith('.contract.ts') ? 'Over each that keeps it:' : 'Once:';
  const parts = [...groupedByOver(rules)].map(([over, ofIt]) =>
    [over === 'once' ? once : `Over ${over}:`, ...ofIt.map(({ title }) => `- ${escaped(title)}`)].join('\n'),
  );
  return `## ${file}\n\n${parts.join('\n\n')}\n`;
}

function groupedByOver(rules) {
  const groups = new Map();
  for (const rule of rules) groups.set(rule.over, [...(groups.get(rule.over) ?? []), rule]);
  return groups;
}

/** Titles are text: whatever Markdown would make of them. */
function escaped(title) {
  return title.replace(/[\\*_`<>[\]]/g, '\\$&').replace(/\s+/g, ' ');
}

const [mode, revision] = process.argv.slice(2);
if (mode === '--at') {
  for (const { file, rules } of rulesOf(filesAt(revision)))
    for (const { title, over } of rules) console.log(`${file}\t${over}\t${title}`);
} else if (mode === '--lost') {
  const last = (title) => title.split(' › ').at(-1);
  const kept = new Set(rulesOf(filesHere()).flatMap(({ rules }) => rules.map(({ title }) => last(title))));
  for (const { file, rules } of rulesOf(filesAt(revision)))
    for (const { title } of rules) if (!kept.has(last(title))) console.log(`${file}\t${title}`);
} else if (mode === '--write') {
  writeFileSync(README, readme(rulesOf(filesHere())));
} else {
  process.stdout.write(readme(rulesOf(filesHere())));
}
