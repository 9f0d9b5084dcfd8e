/**
 * What code writes where it has no id: the names of nothing in the languages of clients, and words for nobody in particular. All
 * people without an id would become one person under it. PostHog and Mixpanel refuse these ids as well.
 */
const PLACEHOLDERS = new Set([
  ...['undefined', 'null', '(null)', 'nil', '<nil>', 'none', 'nan', 'true', 'false', '0', '-1', '[]', '{}'],
  ...['[object object]', 'n/a', 'na', 'unknown', 'anon', 'anonymous', 'guest'],
  ...['not_authenticated', 'id', 'userid', 'user_id', 'distinctid', 'distinct_id', 'email'],
]);
const LONGEST = Math.max(...[...PLACEHOLDERS].map(({ length }) => length)) + '""'.length;
const NIL = '00000000-0000-0000-0000-000000000000';
/** Apart from the others, so that the usual id, which is a UUID, is compared and no more. */
const NILS: ReadonlySet<string> = new Set([NIL, `"${NIL}"`, `'${NIL}'`]);

/** Whether an id stands for nobody: a placeholder in upper or lower case, also in quotes. */
export function isPlaceholder(id: unknown): boolean {
  const text = typeof id === 'number' || typeof id === 'string' ? String(id).trim() : '';
  if (text.length > LONGEST) return NILS.has(text);
  return PLACEHOLDERS.has(text.toLowerCase().replace(/^(["'])(.*)\1$/, '$2'));
}
