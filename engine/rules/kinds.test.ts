import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { sourcesIn } from '../../test/support/sources';
import { STATE_FORMAT, type StepKind } from '../model/state';
import { ALL_STEP_TYPES } from '../replay/steps';
import { TRIGGER_KINDS } from '../user/triggers';

/*
 * A kind of trigger or step is one file: nothing outside it tells kinds apart by their names. What others have to know about a
 * kind is a member of `TriggerType` or `StepType`.
 */

const ROOT = join(__dirname, '..', '..');
const THEIR_OWN = /^engine\/(user\/triggers|replay\/steps)\//;
/** Reads what was stored before steps had these fields. */
const READS_OLD_JOURNALS = 'engine/model/stored.ts';
/** Stage rules and verdicts have kinds of their own, some by the same name. */
const OTHERS = ['when', 'verdict'];

const KINDS: ReadonlySet<string> = new Set([...TRIGGER_KINDS, ...ALL_STEP_TYPES.map(({ kind }) => kind)]);

function isKind(node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return node.text === 'kind';
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'kind') return false;
  const { expression } = node;
  const owner = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  return !(ts.isIdentifier(owner) && OTHERS.includes(owner.text));
}

function isName(node: ts.Node): boolean {
  return ts.isStringLiteral(node) && KINDS.has(node.text);
}

/** The places of a file that tell kinds of triggers or steps apart. */
function comparisons(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const compares =
      (ts.isBinaryExpression(node) &&
        ((isKind(node.left) && isName(node.right)) || (isKind(node.right) && isName(node.left)))) ||
      (ts.isSwitchStatement(node) &&
        isKind(node.expression) &&
        node.caseBlock.clauses.some((clause) => ts.isCaseClause(clause) && isName(clause.expression)));
    if (compares) found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/**
 * The state format since which there are steps of this kind. A run may wait in any of them, if its journey is paused, and has its
 * records. A worker of a release with an older format leaves such users alone; see `activities/newer-release.ts`.
 */
const SINCE = {
  send: 1,
  waitFor: 1,
  sleep: 1,
  sleepUntil: 1,
  check: 1,
  pick: 1,
  experiment: 1,
  award: 1,
  set: 1,
  flag: 1,
  call: 1,
  exit: 1,
  track: 2,
  start: 2,
  collect: 2,
  consent: 2,
  openChat: 2,
  closeChat: 2,
} satisfies Readonly<Record<StepKind, number>>;

it('every kind of step belongs to a state format, which a release that does not know the kind has not', () => {
  expect(Object.keys(SINCE).sort()).toEqual(ALL_STEP_TYPES.map(({ kind }) => kind).sort());
  for (const format of Object.values(SINCE)) expect(format).toBeLessThanOrEqual(STATE_FORMAT);
});

it('nothing outside the file of a kind compares its name', () => {
  const files = sourcesIn(['engine', 'store', 'activities', 'temporal', 'workflows', 'api', 'config', 'cli', 'dev']);
  const outside = files.filter((file) => !THEIR_OWN.test(file) && file !== READS_OLD_JOURNALS);
  expect(outside.flatMap((file) => comparisons(file, readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
});

it.each([
  "if (journey.enter.kind === 'milestone') count();",
  "const calls = journal.filter(({ kind }) => kind === 'call');",
  "switch (step.kind) { case 'waitFor': break; }",
])('would notice %s', (code) => {
  expect(comparisons('example.ts', code)).toHaveLength(1);
});

it('lets the kinds of other things be compared', () => {
  const code = "if (rule.when.kind === 'event' || verdict.kind === 'send' || result.kind === 'returned') stop();";
  expect(comparisons('example.ts', code)).toEqual([]);
});
