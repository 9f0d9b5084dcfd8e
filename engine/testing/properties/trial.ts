import type { Occurrence } from '../../authoring/event';
import { journey, type Journey, type Steps } from '../../authoring/journey';
import { traveller, type Traveller } from '../traveller';
import { signedUp, unrestrained } from './catalogue';

/** A step of the journey `trial`, which people enter by signing up. */
export type Step = (j: Steps<Occurrence<{ plan: string }, 'Signed Up'>>) => Promise<unknown>;

/** The journey `trial` of these steps. */
export const trial = (...steps: readonly Step[]): Journey =>
  journey('trial', { enter: signedUp }, async (j) => {
    for (const step of steps) await step(j);
  });

/** A mail, from the template of the step's name by default. */
export const mail =
  (step: string, template = step): Step =>
  (j) =>
    j.send(step, { email: template });

/** Somebody who signed up while the trial had these steps. */
export async function signUp(...steps: readonly Step[]): Promise<Traveller> {
  const ada = traveller(trial(...steps), { with: unrestrained });
  await ada.track(signedUp, { plan: 'free' });
  return ada;
}

/** The steps whose messages were sent. */
export const sent = (ada: Traveller): string[] => ada.messages.map(({ step }) => step);
