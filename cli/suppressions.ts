import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { CsvError, parse } from 'csv-parse';
import { canBeAddress } from '../engine/model/reach';
import { CHANNELS_WITH_ADDRESSES } from '../store/address-traits';
import { channelsByTrait } from '../store/channel-traits';
import { readClock } from '../store/clock';
import type { Database } from '../store/database';
import {
  addSuppressions,
  listSuppressions,
  SUPPRESSIONS,
  type GivenAddress,
  type SuppressionPlace,
} from '../store/suppression-list';
import { openInstallation } from './database';

/** Addresses that are read or written at once. */
const PORTION = 1_000;

type Row = GivenAddress & { readonly cause: (typeof SUPPRESSIONS)[number] };

/** `sojourn suppressions`: moves the list of addresses that get nothing from one system to another. */
export const suppressionsCommand = new Command('suppressions')
  .description('Import or export the addresses that get no messages.')
  .addCommand(
    new Command('import')
      .description(
        'Suppress the addresses of a CSV file with the columns address or hash, and optionally channel and reason.',
      )
      .argument('<file>', 'the file to read')
      .option('--channel <channel>', 'the channel of rows that name none', 'email')
      .option('--reason <reason>', `the reason of rows that name none: ${SUPPRESSIONS.join(', ')}`, 'opted out')
      .action((file: string, defaults: Defaults) => withDatabase((database) => importFile(database, file, defaults))),
  )
  .addCommand(
    new Command('export')
      .description('Write the list to a CSV file. It has hashes of the addresses, which import reads.')
      .argument('<file>', 'the file to write')
      .action((file: string) => withDatabase((database) => exportFile(database, file))),
  );

interface Defaults {
  readonly channel: string;
  readonly reason: string;
}

async function withDatabase(act: (database: Database) => Promise<string>): Promise<void> {
  const database = openInstallation();
  try {
    console.log(await act(database));
  } finally {
    await database.close();
  }
}

async function importFile(database: Database, file: string, defaults: Defaults): Promise<string> {
  const at = (await readClock(database)).now();
  const channels = [...CHANNELS_WITH_ADDRESSES, ...(await channelsByTrait(database.pool))];
  // Nothing is stored of a file with a mistake.
  const rows = await readRows(file, { ...defaults, channels });
  let added = 0;
  for (let from = 0; from < rows.length; from += PORTION)
    added += await addSuppressions(database.pool, rows.slice(from, from + PORTION), at);
  return `${rows.length} rows, ${added} of them new.`;
}

/** How the rows of a file are read. */
interface Rules extends Defaults {
  /** The channels with addresses. */
  readonly channels: readonly string[];
}

interface Parsed {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/** @throws {Error} with the line of the first row that is not valid */
async function readRows(file: string, rules: Rules): Promise<Row[]> {
  const parser = parse({ bom: true, columns: true, info: true, skip_empty_lines: true, trim: true });
  const rows: Row[] = [];
  try {
    for await (const { record, info } of createReadStream(file).pipe(parser) as AsyncIterable<Parsed>)
      rows.push(readRow(record, rules, `${file}, line ${info.lines}`));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Error(`${file} is not valid CSV in line ${String(error['lines'])}: ${error.message}`, { cause: error });
  }
  return rows;
}

function readRow({ address = '', hash = '', ...given }: Parsed['record'], rules: Rules, where: string): Row {
  const channel = given['channel'] || rules.channel;
  const said = given['reason'] || rules.reason;
  const cause = SUPPRESSIONS.find((one) => one === said);
  if (!rules.channels.includes(channel))
    throw new Error(`${where}: channel must be one of ${rules.channels.join(', ')}`);
  if (!cause) throw new Error(`${where}: reason must be one of ${SUPPRESSIONS.join(', ')}`);
  if ((address === '') === (hash === '')) throw new Error(`${where}: there must be either an address or a hash`);
  if (address !== '' && !canBeAddress(channel, address))
    throw new Error(`${where}: address must be one of the channel ${channel}`);
  if (hash !== '' && !/^[\da-f]{64}$/i.test(hash)) throw new Error(`${where}: hash must be 64 hexadecimal digits`);
  return hash === '' ? { channel, address, cause } : { channel, hash, cause };
}

async function exportFile(database: Database, file: string): Promise<string> {
  let count = 0;
  async function* lines(): AsyncGenerator<string> {
    yield 'channel,hash,reason,at\n';
    for (let after: SuppressionPlace | null = null; ;) {
      const page = await listSuppressions(database.pool, after, PORTION);
      for (const { channel, hash, cause, at } of page)
        yield `${channel},${hash},${cause},${new Date(at).toISOString()}\n`;
      count += page.length;
      after = page.at(-1) ?? null;
      if (page.length < PORTION) return;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(file, { mode: 0o600 }));
  return `${count} rows.`;
}
