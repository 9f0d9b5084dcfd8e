import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { JsonObject } from '../../engine/model/json';
import { filesIn, NEW_JOURNEY, PROJECT } from '../init/project-files';
import type { NewFiles } from '../write-new';
import type { EnteringEvent } from './entering-event';

const TEMPLATE = join(PROJECT, 'journeys', NEW_JOURNEY);
/** The event of the template, and the properties that its test gives to it. */
const EVENT = /\bsignedUp\b/g;
const PROPERTIES = "{ plan: 'free' }";

/** The files of a new journey, by their path below its folder. */
export function journeyFiles(id: string, { name, example }: EnteringEvent): NewFiles {
  const adapted = (text: string): string =>
    text.replaceAll(NEW_JOURNEY, id).replace(EVENT, name).replaceAll(PROPERTIES, literal(example));
  return new Map(
    filesIn(TEMPLATE).map((file) => [adapted(file), adapted(readFileSync(join(TEMPLATE, file), 'utf8'))] as const),
  );
}

/** JSON as a person writes it in code: `{ plan: 'free' }`. */
function literal(value: JsonObject): string {
  return inspect(value, { depth: null, breakLength: Infinity, maxArrayLength: null, maxStringLength: null });
}
