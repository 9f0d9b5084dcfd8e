/** The place of a value inside another, as code would name it, and a colon: `rules[0].percentage: `. Empty for the whole. */
export function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '';
  const place = path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}${text && '.'}${String(key)}`),
    '',
  );
  return `${place}: `;
}
