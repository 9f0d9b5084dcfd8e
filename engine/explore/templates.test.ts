import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explore } from '../../cli/explore-journey';
import type { OccurrenceOf } from '../authoring/event';
import type { Steps } from '../authoring/journey';
import { journey } from '../index';
import { signedUp } from '../testing/properties/catalogue';
import type { Defect } from './index';

/** Journeys are explored with the templates of a folder, as in a team's own test. */

type SignedUp = Steps<OccurrenceOf<typeof signedUp>>;

const CARD = 'kind: banner\ntitle: Hello\nbody: World\n';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sojourn-templates-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** The defects of the journey `prompts`, with these cards in its folder. */
async function defectsOf(
  cards: Readonly<Record<string, string>>,
  run: (j: SignedUp) => Promise<void>,
): Promise<readonly Defect[]> {
  const templates = join(folder, 'prompts', 'templates');
  mkdirSync(templates, { recursive: true });
  for (const [name, text] of Object.entries(cards)) writeFileSync(join(templates, `${name}.in-app.yaml`), text);
  return (await explore(journey('prompts', { enter: signedUp }, run), { folder })).defects;
}

const prompt = async (j: SignedUp): Promise<void> => {
  const tone = await j.pick('tone', ({ user }) => (user.points > 99 ? 'streaker' : 'general'));
  await j.send('prompt', { inApp: `prompt-${tone}` });
};

it('templates that a pick names are all there', async () => {
  expect(await defectsOf({ 'prompt-general': CARD, 'prompt-streaker': CARD }, prompt)).toEqual([]);
});

it.each(['streaker', 'general'])('a deleted template that a pick names is a defect: %s', async (deleted) => {
  const cards = Object.fromEntries(
    ['streaker', 'general'].filter((tone) => tone !== deleted).map((tone) => [`prompt-${tone}`, CARD]),
  );
  const defects = await defectsOf(cards, prompt);
  expect(defects).toMatchObject([{ kind: 'template', step: 'prompt', channel: 'inApp' }]);
  expect(defects[0]?.text).toContain(`'prompt-${deleted}'`);
});

it('every template in the folder that no path sends is named', async () => {
  const cards = { 'prompt-general': CARD, 'prompt-streaker': CARD, old: CARD, older: CARD };
  const unreached = (await defectsOf(cards, prompt)).map(({ kind, text }) => `${kind}: ${text}`);
  expect(unreached.sort()).toEqual([
    "unreached template: no path sends the inApp template 'old'",
    "unreached template: no path sends the inApp template 'older'",
  ]);
});

it('one broken template is reported once, however many steps, rounds and paths send it', async () => {
  const defects = await defectsOf({ nudge: 'kind: banner\ntitle: "{{ data.nobody }}"\nbody: World\n' }, async (j) => {
    for (let week = 1; week <= 5; week++) {
      if (await j.check(`idle ${week}`, ({ user }) => user.points === 0))
        await j.send(`nudge ${week}`, { inApp: 'nudge' });
    }
    await j.send('last', { inApp: 'nudge' });
  });
  expect(defects).toMatchObject([{ kind: 'template', channel: 'inApp' }]);
  expect(defects[0]?.text).toContain('data.nobody');
});
