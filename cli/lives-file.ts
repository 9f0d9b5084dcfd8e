import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Life } from '../engine/compare/life';
import { parseExactly } from '../engine/model/exact-json';
import type { JsonObject } from '../engine/model/json';
import { CHANNEL_NAME } from '../engine/model/channels';
import { FREQUENCIES, STANDINGS } from '../engine/model/topic-answer';

const json = z.record(z.string(), z.json()) as z.ZodType<JsonObject>;
const time = z.int().min(0);

/** The answers about topics, by topic. */
const preferences = z.record(
  z.string(),
  z.object({
    standing: z.enum(STANDINGS).exactOptional(),
    channels: z.record(z.string(), z.boolean()).exactOptional(),
    frequency: z.enum(FREQUENCIES).exactOptional(),
  }),
);

/** A line of an exported file: one user with all their events, in the order they were received. Times are epoch milliseconds. */
const life = z.object({
  id: z.string().min(1),
  createdAt: time,
  traits: json,
  consent: z.record(z.string().regex(CHANNEL_NAME), z.boolean()),
  topics: preferences.default({}),
  hasPush: z.boolean(),
  hasDevice: z.boolean().default(false),
  events: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      name: z.string(),
      at: time,
      receivedAt: time,
      properties: json,
      active: z.boolean().default(true),
      history: z.boolean().default(false),
      forgetAt: z.record(z.string(), z.number()).nullable().default(null),
    }),
  ),
  saidOfGroups: z.array(z.object({ groupId: z.string(), receivedAt: time, properties: json })).default([]),
});

/**
 * Reads the histories in a file written by `export-events`, line by line.
 * @throws {Error} when a line is not a valid history; the message names the line
 */
export async function* livesInFile(file: string): AsyncGenerator<Life> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    number++;
    if (line.trim() === '') continue;
    yield readLine(line, `${file}, line ${number}`);
  }
}

function readLine(line: string, where: string): Life {
  let value: unknown;
  try {
    value = parseExactly(line);
  } catch (cause) {
    throw new Error(`${where}: expected one JSON object, as written by sojourn export-events`, { cause });
  }
  const { data, error } = life.safeParse(value);
  if (error) throw new Error(`${where}: ${z.prettifyError(error)}`);
  return data;
}
