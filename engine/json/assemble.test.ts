import type { EventDefinition } from '../authoring/event';
import { lifecycle } from '../authoring/lifecycle';
import { policy } from '../policy/define';
import { assemble, type StoredDefinition } from './assemble';

const CODE = { journeys: [], lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy(), traits: {} };
const KNOWN = new Map<string, EventDefinition>(
  ['Quit'].map((name) => [name, { kind: 'event', name, schema: null, example: {} }]),
);
const leaving = (exit: string, version: number, finish = false): StoredDefinition => ({
  version,
  definition: { enter: { kind: 'manual' }, exit: [exit], steps: [{ kind: 'sleep', step: 'rest', duration: '1 day' }] },
  finish,
});

it('leaves out a former version that does not fit, reports it, and keeps the rest', async () => {
  const versions = [leaving('Gone', 1), leaving('Quit', 2, true), leaving('Quit', 3, true)];
  const { definitions, problems } = await assemble(CODE, [{ id: 'old', paused: false, versions }], KNOWN);
  expect(definitions.journeys).toMatchObject([
    { id: 'old', stored: { version: 3, former: [{ stored: { version: 2 } }], unfit: [1] } },
  ]);
  expect(problems).toEqual([
    {
      journey: 'old',
      text: expect.stringMatching(/^old, version 1, is left out.*: \/exit\/0: There is no event 'Gone'/),
    },
  ]);
});

it('leaves out only the journey with a current version that does not fit', async () => {
  const stored = [leaving('Gone', 1), leaving('Quit', 1)].map((one, index) => ({
    id: `journey-${index}`,
    paused: false,
    versions: [one],
  }));
  const { definitions, problems } = await assemble(CODE, stored, KNOWN);
  expect(definitions.journeys.map(({ id }) => id)).toEqual(['journey-1']);
  expect(problems).toEqual([
    {
      journey: 'journey-0',
      text: expect.stringMatching(/^journey-0 is left out: \/exit\/0: There is no event 'Gone'/),
    },
  ]);
});

it('reports in one line a definition that no longer passes the schema, with the journey and the places', async () => {
  const definition = {
    enter: { kind: 'manual' },
    steps: [{ kind: 'sleep', step: 'rest', duration: 'long' }],
    colour: 1,
  };
  const versions = [{ version: 1, definition, finish: false }];
  const { problems } = await assemble(CODE, [{ id: 'old', paused: false, versions }], KNOWN);
  expect(problems.map(({ text }) => text)).toEqual([
    "old is left out: /steps/0/duration: must be a duration such as '48 hours' or '14 days'; /: There is no field 'colour'. Expected enter, reenter, key, freshness, maxOpenRuns, exit, goal, transactional, priority, topic, onEdit, budget, events, version, steps.",
  ]);
});
