import { z } from 'zod';
import type { JourneyRates } from '../store/step-rates';

/** Over how long a time rates are taken: long enough for numbers, short enough to see what an edit does. */
export const RATES_DAYS = 30;

const count = z.int().min(0);
const rate = z.number().nullable();

/** Rates of a step. A rate of nothing is null. */
export const stepRates = z
  .object({
    entered: count.meta({ description: 'Runs that reached the step' }),
    reach: rate.meta({ description: 'entered / runs of the journey' }),
    outcomes: z.record(z.string(), count).meta({ description: 'What it came out as, and how often' }),
    sent: count.meta({ description: 'Messages handed to the provider, whether it took them or refused them for good' }),
    bounce: rate.meta({ description: 'bounces / sent' }),
    seen: rate.meta({ description: 'seen / sent, where the channel tells' }),
    click: rate.meta({ description: 'clicked / sent, where the channel tells; no channel confirms delivery' }),
  })
  .meta({ description: `Of the runs that began in the last ${RATES_DAYS} days` });

/** How many reached the goal. */
export const conversion = z
  .object({ entered: count, goal: count, rate: rate.meta({ description: 'goal / entered, once per entry' }) })
  .meta({ description: `Of the runs that began in the last ${RATES_DAYS} days` });

/** The rates of a step nobody may have reached. */
export function ratesOf({ entered: runs, steps }: JourneyRates, step: string): z.infer<typeof stepRates> {
  const { entered = 0, outcomes = {}, sent = 0, bounced = 0, seen = 0, clicked = 0 } = steps.get(step) ?? {};
  return {
    entered,
    reach: share(entered, runs),
    outcomes,
    sent,
    bounce: share(bounced, sent),
    seen: share(seen, sent),
    click: share(clicked, sent),
  };
}

/** The rate of a journey's goal. */
export function conversionOf({ entered, goal }: JourneyRates): z.infer<typeof conversion> {
  return { entered, goal, rate: share(goal, entered) };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
