import type { Occurrence } from '../../authoring/event';
import { journey, type Journey, type Steps } from '../../authoring/journey';
import { traveller, type Traveller } from '../traveller';
import { signedUp, unrestrained } from './catalogue';

/** A step of the journey `trial`, which a user enters by signing up. */
export type Step = (j: Steps<Occurrence<{ plan: string }, 'Signed Up'>>) => Promise<unknown>;

/** Makes the journey `trial` of these steps. */
export const trial = (...steps: readonly Step[]): Journey =>
  journey('trial', { enter: signedUp }, async (j) => {
    for (const step of steps) await step(j);
  });

/** Makes a step that sends an email. The template has the name of the step by default. */
export const mail =
  (step: string, template = step): Step =>
  (j) =>
    j.send(step, { email: template });

/** Makes a person that signed up while the trial had these steps. */
export async function signUp(...steps: readonly Step[]): Promise<Traveller> {
  const ada = traveller(trial(...steps), { with: unrestrained });
  await ada.track(signedUp, { plan: 'free' });
  return ada;
}

/** The steps that sent a message. */
export const sent = (ada: Traveller): string[] => ada.messages.map(({ step }) => step);
