import { createReadStream } from 'node:fs';
import { CsvError, parse } from 'csv-parse';
import { readInstant, UNREADABLE } from '../../api/segment/instant';
import { CHANNEL_NAME } from '../../engine/model/channels';
import { PERSONAL_CHANNELS } from '../../engine/model/consent';
import { rowId, type Call, type Row } from './row';

type Cell = string | number | boolean | object | null;
type Reader = (text: string) => Cell | undefined;

/** How a cell is read, by what follows the colon in the name of its column. They return undefined for what they can't read. */
const TYPES: Readonly<Record<string, Reader>> = {
  text: (text) => text,
  number: (text) => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined),
  boolean: (text) => ({ true: true, false: false })[text.trim().toLowerCase()],
  json: (text) => {
    try {
      return JSON.parse(text) as Cell;
    } catch {
      return undefined;
    }
  },
};

const IDS = ['userId', 'anonymousId', 'messageId'];
const CONSENT = 'consent.';
const CONSENT_FACTS = [`${CONSENT}at`, `${CONSENT}source`];
const TIMES = ['createdAt', 'lastSeenAt', `${CONSENT}at`];

interface Column {
  readonly name: string;
  readonly type: string;
  readonly read: Reader;
}

/** A record as the parser returns it with the option `info`. */
interface Parsed {
  readonly record: readonly string[];
  /** `lines` is the line in which the record ends. */
  readonly info: { readonly lines: number };
}

/**
 * Reads people from a CSV file with a header. Each row becomes an `identify` call; see docs/importing.md for the columns.
 * @throws {Error} when the header is not valid, or the file can't be read as CSV from some line on
 */
export async function* readPeople(file: string): AsyncGenerator<Row> {
  const parser = parse({ bom: true, info: true, relax_column_count: true, skip_empty_lines: true });
  let columns: readonly Column[] | null = null;
  try {
    for await (const parsed of createReadStream(file).pipe(parser)) {
      const { record, info } = parsed as Parsed;
      if (columns) yield readRecord(columns, record, info.lines);
      else columns = readHeader(file, record);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Nobody can tell where the next row begins, so going on would leave out good rows, or mix them up.
    throw new Error(`${file} is not valid CSV in line ${String(error['lines'])}: ${error.message}`, { cause: error });
  }
}

function readHeader(file: string, header: readonly string[]): Column[] {
  const columns = header.map((title) => {
    const [, name = '', type = 'text'] = /^(.*?)(?::(\w+))?$/.exec(title.trim()) ?? [];
    const read = isAnswer(name) ? TYPES['boolean'] : TYPES[type];
    if (!read) throw new Error(`${file}: column '${title}': the type must be one of ${Object.keys(TYPES).join(', ')}`);
    return { name, type: isAnswer(name) ? 'boolean' : type, read };
  });
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, n) => names.indexOf(name) < n);
  if (twice !== undefined) throw new Error(`${file}: the header has the column '${twice}' twice`);
  const unknown = names.find((name) => name.startsWith(CONSENT) && !isAnswer(name) && !CONSENT_FACTS.includes(name));
  if (unknown !== undefined) {
    const expected = [...PERSONAL_CHANNELS.map((channel) => CONSENT + channel), ...CONSENT_FACTS].join(', ');
    throw new Error(`${file}: column '${unknown}': expected one of ${expected}, or consent. and a channel of your own`);
  }
  if (!names.includes('userId') && !names.includes('anonymousId'))
    throw new Error(`${file}: the header must have a column userId or anonymousId, and a comma between the columns`);
  return columns;
}

/** Whether a column has answers about a channel. Which channels a team has added, only the server knows. */
function isAnswer(name: string): boolean {
  return name.startsWith(CONSENT) && !CONSENT_FACTS.includes(name) && CHANNEL_NAME.test(name.slice(CONSENT.length));
}

function readRecord(columns: readonly Column[], record: readonly string[], line: number): Row {
  if (record.length !== columns.length)
    return { line, reason: `has ${record.length} cells where the header has ${columns.length}` };
  const cells = new Map<string, Cell>();
  for (const [n, { name, type, read }] of columns.entries()) {
    const text = record[n] ?? '';
    if (text === '') continue;
    const cell = read(text);
    if (cell === undefined) return { line, reason: `${name}: must be ${type === 'json' ? 'JSON' : `a ${type}`}` };
    if (TIMES.includes(name) && readInstant(cell) === null) return { line, reason: `${name}: ${UNREADABLE}` };
    cells.set(name, cell);
  }
  return { line, calls: callsOf(cells, rowId(line, JSON.stringify(record))) };
}

/** The calls of a person: their traits, since when they are known, and when they were last active. */
function callsOf(cells: ReadonlyMap<string, Cell>, generatedId: string): Call[] {
  const given = cells.get('messageId');
  const messageId = typeof given === 'string' ? given : generatedId;
  const person = { type: 'identify', ...among(cells, (name) => IDS.includes(name)), messageId };
  const traits = among(cells, (name) => !IDS.includes(name) && !name.startsWith(CONSENT) && name !== 'lastSeenAt');
  const consent = consentIn(cells);
  const known = {
    ...person,
    timestamp: cells.get('createdAt'),
    traits,
    context: { active: false, ...(consent && { consent }) },
  };
  const lastSeenAt = cells.get('lastSeenAt');
  if (lastSeenAt === undefined) return [known];
  return [known, { ...person, messageId: `${messageId}/seen`, timestamp: lastSeenAt }];
}

function consentIn(cells: ReadonlyMap<string, Cell>): Call | null {
  const answers = [...cells].filter(([name]) => isAnswer(name));
  if (answers.length === 0) return null;
  return {
    channels: Object.fromEntries(answers.map(([name, agrees]) => [name.slice(CONSENT.length), agrees])),
    ...(cells.has('consent.at') && { at: cells.get('consent.at') }),
    ...(cells.has('consent.source') && { source: cells.get('consent.source') }),
  };
}

function among(cells: ReadonlyMap<string, Cell>, isWanted: (name: string) => boolean): Call {
  return Object.fromEntries([...cells].filter(([name]) => isWanted(name)));
}
