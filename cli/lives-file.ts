import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Life } from '../engine/compare/life';
import type { JsonObject } from '../engine/model/json';
import { CHANNELS } from '../engine/model/state';

const json = z.record(z.string(), z.json()) as z.ZodType<JsonObject>;
const time = z.int().min(0);

/** A line of an exported file: one person with all they did, in the order it was received. Times are epoch milliseconds. */
const life = z.object({
  id: z.string().min(1),
  createdAt: time,
  traits: json,
  consent: z.partialRecord(z.enum(CHANNELS), z.boolean()),
  hasPush: z.boolean(),
  events: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      name: z.string(),
      at: time,
      receivedAt: time,
      properties: json,
      active: z.boolean().default(true),
    }),
  ),
});

/**
 * Reads an exported file, line by line.
 * @throws {Error} naming the line that isn't a person
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
    value = JSON.parse(line);
  } catch (cause) {
    throw new Error(`${where}: not JSON`, { cause });
  }
  const { data, error } = life.safeParse(value);
  if (error) throw new Error(`${where}: ${z.prettifyError(error)}`);
  return { ...data, consent: definedIn(data.consent) };
}

/** Without the keys that are there but undefined, which JSON can't have. */
function definedIn(consent: Partial<Record<(typeof CHANNELS)[number], boolean | undefined>>): Life['consent'] {
  return Object.fromEntries(Object.entries(consent).filter(([, answer]) => answer !== undefined));
}
