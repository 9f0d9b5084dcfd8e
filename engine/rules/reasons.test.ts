import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { sourcesIn } from '../../test/support/sources';

/*
 * Reasons are text for people. Code that compares them breaks when one is reworded, so no code may: whatever steers the code has
 * a field of its own. `engine/model/stored.ts` is the only exception, because it reads journals of older formats.
 */

const ROOT = join(__dirname, '..', '..');
const FOLDERS = ['engine', 'store', 'activities', 'temporal', 'workflows', 'api', 'config', 'cli', 'dev'];
const READS_OLD_JOURNALS = 'engine/model/stored.ts';

const sources = sourcesIn(FOLDERS).filter((file) => file !== READS_OLD_JOURNALS);

const EQUALITY = [
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
];
const TEXT_METHODS = ['startsWith', 'endsWith', 'includes', 'match', 'test', 'search', 'indexOf'];

/** Matches a condition on a reason in SQL. An assignment does not have one of these words before it. */
const SQL = /\b(WHERE|AND|OR|WHEN|NOT)\s+\(?[\w.]*(\s*->>?\s*')?(held_)?reason'?\s*(=|<>|!=|~|LIKE\b|IN\b)/i;

function isReason(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'reason';
  return ts.isIdentifier(node) && node.text === 'reason';
}

/** Does a comparison with this only ask whether there is a reason? That is allowed. */
function asksWhetherThereIsOne(node: ts.Node): boolean {
  const isEmpty = ts.isStringLiteral(node) && node.text === '';
  return isEmpty || node.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(node) && node.text === 'undefined');
}

function comparesReason(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node) && EQUALITY.includes(node.operatorToken.kind)) {
    const { left, right } = node;
    return (isReason(left) && !asksWhetherThereIsOne(right)) || (isReason(right) && !asksWhetherThereIsOne(left));
  }
  if (ts.isSwitchStatement(node)) return isReason(node.expression);
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { expression, name } = node.expression;
    return TEXT_METHODS.includes(name.text) && [expression, ...node.arguments].some(isReason);
  }
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)
    ? SQL.test(node.text)
    : false;
}

/** The places in a file that compare a reason. */
function comparisons(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (comparesReason(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push(`${file}:${line + 1}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

it('no code compares a reason', () => {
  expect(sources.length).toBeGreaterThan(200);
  expect(sources.flatMap((file) => comparisons(file, readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
});

it.each([
  "if (record.reason === 'paused') stop();",
  'const same = before.reason !== after.reason;',
  "const { reason } = record; if (reason.startsWith('capped')) count();",
  "switch (run.reason) { case 'goal': break; }",
  "const sql = `SELECT count(*) FILTER (WHERE status = 'sent' AND reason = 'bounced') FROM messages`;",
  "const sql = `WHERE r ->> 'reason' <> 'expired'`;",
])('the comparison is found: %s', (code) => {
  expect(comparisons('example.ts', code)).toHaveLength(1);
});

it.each([
  "const why = reason === '' ? '' : ` (${reason})`;",
  "const sql = 'UPDATE messages SET reason = $1 WHERE id = $2';",
])('this is allowed: %s', (code) => {
  expect(comparisons('example.ts', code)).toEqual([]);
});
