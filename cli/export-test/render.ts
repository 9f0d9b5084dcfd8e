import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { LivedEvent, Life } from '../../engine/compare/life';
import { INTERNAL_PREFIX } from '../../engine/model/activity';
import type { MemoryHost } from '../../engine/testing/memory-host';
import { formatDecisions } from '../../engine/testing/formatting';

/** What a test is made of. */
export interface TestParts {
  readonly life: Life;
  readonly course: MemoryHost;
  readonly journey: string;
  /** The folder of the journeys. */
  readonly folder: string;
  /** The file to be written. */
  readonly file: string;
  /** Epoch milliseconds. */
  readonly until: number;
  /** What really happened and is decided otherwise by the journeys of today; a line each. */
  readonly otherwise: readonly string[];
}

/** The text of the test. */
export function renderTest({ life, course, journey, folder, file, until, otherwise }: TestParts): string {
  const journeys = [...new Set([journey, ...course.runs.map((run) => run.journey)])];
  const rules = ['lifecycle', 'policy'].filter((name) => isModule(join(folder, name)));
  const from = dirname(resolve(file));
  const importOf = (name: string, path: string): string =>
    `import ${name} from '${relativeTo(from, join(folder, path))}';`;
  const sources = `{ journeys: [${journeys.map(nameOf).join(', ')}]${rules.map((name) => `, ${name}`).join('')} }`;
  const sent = [...course.messages.values()].filter(
    (message) => message.journey === journey && message.status === 'queued',
  );
  return [
    `import { replayHistory, type Past } from 'sojourn/testing';`,
    ...journeys.map((id) => importOf(nameOf(id), `${id}/journey`)),
    ...rules.map((name) => importOf(name, name)),
    '',
    `// Made by sojourn export-test from what was stored. Names and values of the person are replaced.`,
    ...otherwise.map((line) => `// It went otherwise then: ${line}`),
    `const past: Past = ${JSON.stringify(pastOf(life), null, 2)};`,
    '',
    `test('${journey}, as ${life.id} went through it', async () => {`,
    `  const person = await replayHistory(past, ${sources}, '${iso(until)}');`,
    `  expect(person.story('${journey}')).toEqual(${JSON.stringify(formatDecisions(course.decisions, journey), null, 2)});`,
    `  expect(person.sent('${journey}')).toMatchObject(${JSON.stringify(
      sent
        .sort((a, b) => a.decidedAt - b.decidedAt)
        .map(({ step, channel, template, reason }) => ({ step, channel, template, reason })),
      null,
      2,
    )});`,
    '});',
    '',
  ].join('\n');
}

/** Only what differs from the defaults of the test kit. */
function pastOf({ id, createdAt, traits, consent, hasPush, events }: Life): object {
  const refersToEvents = events.some(({ name }) => name.startsWith(INTERNAL_PREFIX));
  return {
    id,
    createdAt: iso(createdAt),
    ...(Object.keys(traits).length > 0 && { traits }),
    ...(Object.keys(consent).length > 0 && { consent }),
    ...(hasPush && { hasPush }),
    events: events.map((event) => pastEvent(event, refersToEvents)),
  };
}

function pastEvent({ id, type, name, at, receivedAt, properties, active }: LivedEvent, withId: boolean): object {
  return {
    at: iso(at),
    ...(receivedAt !== at && { receivedAt: iso(receivedAt) }),
    name,
    ...(type !== 'track' && { type }),
    ...(active === false && { active }),
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(withId && { id }),
  };
}

function isModule(path: string): boolean {
  return existsSync(`${path}.ts`) || existsSync(`${path}.js`);
}

function relativeTo(from: string, to: string): string {
  const path = relative(from, resolve(to)).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

/** An identifier for a journey: `order-updates` is `orderUpdates`. */
function nameOf(journey: string): string {
  const name = journey.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase());
  return /^\d/.test(name) ? `journey${name}` : name;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
