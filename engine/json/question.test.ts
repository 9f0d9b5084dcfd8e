import { answered } from '../authoring/message-events';
import { declaredSteps } from '../outline/declared-steps';
import { policy } from '../policy/define';
import { explore } from '../explore';
import { signedUp } from '../testing/properties/catalogue';
import { traveller } from '../testing/traveller';
import { mistakesIn } from './mistakes';
import { journeyDefinition, type JourneyDefinition } from './schema';
import { toJourney } from './to-journey';

/** A question in a journey made of data. */

const CATALOGUE = new Map([[signedUp.name, signedUp]]);
const ASK = {
  kind: 'ask',
  step: 'help',
  text: { en: 'How can we help?', de: 'Wie können wir helfen?' },
  choices: [
    { value: 'order', label: 'My order' },
    { value: 'refund', label: 'A refund' },
  ],
  away: { after: '10 minutes', channel: 'email', template: 'hello' },
  within: '1 day',
  answers: { order: [{ kind: 'award', step: 'order', points: 1 }] },
  otherwise: [{ kind: 'award', step: 'nothing', points: 2 }],
};

const definitionOf = (...steps: readonly object[]): JourneyDefinition =>
  journeyDefinition.parse({ enter: { kind: 'event', event: signedUp.name }, steps });

const mistakes = (...steps: readonly object[]): string[] =>
  mistakesIn(definitionOf(...steps), CATALOGUE).map(({ path, message }) => `/${path.join('/')}: ${message}`);

it.each([
  ['order', 1],
  ['refund', 0],
  [null, 2],
])('after the answer %s come its steps', async (answer, points) => {
  const ada = traveller(toJourney('help', definitionOf(ASK), CATALOGUE), {
    with: { policy: policy({ quietHours: null }) },
  });
  await ada.track(signedUp, { plan: 'free' });
  if (answer !== null) await ada.react('help', answered, answer);
  await ada.forward('2 days');
  expect(ada.profile.points).toBe(points);
});

it('its steps have names that no other step may have', () => {
  expect(mistakes(ASK)).toEqual([]);
  expect(mistakes(ASK, { kind: 'sleep', step: 'help: answer', duration: '1 day' })).toEqual([
    "/steps/1/step: Two steps are named 'help: answer'.",
  ]);
  const { declares } = toJourney('help', definitionOf(ASK), CATALOGUE);
  expect(declares).toEqual(['help', 'help: seen', 'help: away', 'help: answer', 'order', 'nothing']);
});

it('an answer that is none of the choices is a mistake', () => {
  expect(mistakes({ ...ASK, answers: { other: [] } })).toEqual([
    "/steps/0/answers/other: 'other' is none of the choices.",
  ]);
});

it.each([
  ['no choices', { choices: [] }, ['steps', 0, 'choices']],
  ['a value that is no name', { choices: [{ value: 'a b', label: 'A' }] }, ['steps', 0, 'choices', 0, 'value']],
  ['an unknown field', { chocies: [] }, ['steps', 0]],
  ['the app as the other channel', { away: { ...ASK.away, channel: 'inApp' } }, ['steps', 0, 'away', 'channel']],
])('a question with %s is refused', (_, change, path) => {
  const { error } = journeyDefinition.safeParse({
    enter: { kind: 'event', event: signedUp.name },
    steps: [{ ...ASK, ...change }],
  });
  expect(error?.issues[0]?.path).toEqual(path);
});

it('explore reaches every step of it', async () => {
  const { defects } = await explore(toJourney('help', definitionOf(ASK), CATALOGUE));
  expect(defects).toEqual([]);
  expect(declaredSteps(toJourney('help', definitionOf(ASK), CATALOGUE))).toHaveLength(6);
});
