import { journey, type Steps } from '../authoring/journey';
import type { OccurrenceOf } from '../authoring/event';
import { projectCreated, signedUp } from '../testing/properties/catalogue';
import { mermaid } from './mermaid';
import { outline } from './outline';

async function drawn(run: (j: Steps<OccurrenceOf<typeof signedUp>>) => Promise<void>): Promise<string[]> {
  const diagram = mermaid('Signed Up', await outline(journey('drawn', { enter: signedUp }, run)));
  return diagram.split('\n').map((line) => line.trim());
}

it('draws an endless loop as one round that comes back to its beginning', async () => {
  const lines = await drawn(async (j) => {
    for (let week = 1; ; week++) {
      if (await j.waitFor(`project ${week}`, projectCreated, { within: '7 days' }))
        await j.sleep(`rest ${week}`, '1 day');
      else if (await j.check(`gone ${week}`, () => true)) return;
    }
  });
  expect(lines.slice(2)).toEqual([
    's0["project …<br/>waitFor: 7 days"]',
    's1["rest …<br/>sleep: 1 day"]',
    's2["gone …<br/>check"]',
    'leave([end])',
    'enter --> s0',
    's0 -->|"Project Created"| s1',
    's1 --> s0',
    's0 -->|"timeout"| s2',
    's2 -->|"yes"| leave',
    's2 -->|"no"| s0',
  ]);
});

it('draws the rounds of a short loop, and steps that differ in more than numbers', async () => {
  const lines = await drawn(async (j) => {
    for (const day of [1, 3, 7]) await j.sleep(`day ${day}`, `${day} days`);
    for (let part = 1; part <= 12; part++) await j.send(`part ${part}`, { email: `part-${part}` });
  });
  expect(lines.filter((line) => line.includes('["')).map((line) => line.split('<')[0])).toEqual([
    'enter(["Signed Up"])',
    ...[1, 3, 7].map((day, n) => `s${n}["day ${day}`),
    ...Array.from({ length: 12 }, (_, n) => `s${n + 3}["part ${n + 1}`),
  ]);
});
