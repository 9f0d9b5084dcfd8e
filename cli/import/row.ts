import { createHash } from 'node:crypto';

/** A call of Segment's spec, as the API takes it. */
export type Call = Readonly<Record<string, unknown>>;

/** A row of a file: the calls it stands for, or why it stands for none. */
export type Row = { readonly line: number } & ({ readonly calls: readonly Call[] } | { readonly reason: string });

/**
 * The message id of a row that has none of its own. The same row at the same place of a file always has the same id, so it is stored
 * once, however often it is sent.
 */
export function rowId(line: number, content: string): string {
  return `import-${createHash('sha256').update(`${line}\n${content}`).digest('base64url').slice(0, 32)}`;
}
