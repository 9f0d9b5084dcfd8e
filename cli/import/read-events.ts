import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseExactly } from '../../engine/model/exact-json';
import { rowId, type Row } from './row';

/** Reads calls of Segment's spec from a file with a JSON object in each line. A line without a `type` is a `track` call. */
export async function* readEvents(file: string): AsyncGenerator<Row> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    line++;
    if (text.trim() === '') continue;
    yield readLine(line === 1 ? text.replace(/^\uFEFF/, '') : text, line);
  }
}

function readLine(text: string, line: number): Row {
  let call: unknown;
  try {
    call = parseExactly(text);
  } catch {
    return { line, reason: 'is not JSON' };
  }
  if (typeof call !== 'object' || call === null || Array.isArray(call))
    return { line, reason: 'must be a JSON object' };
  return { line, calls: [{ type: 'track', messageId: rowId(line, text), ...call }] };
}
