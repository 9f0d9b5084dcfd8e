import { z } from 'zod';
import type { JourneyRates } from '../store/step-rates';

/** How many days of the journey clock rates cover: enough for meaningful numbers, and few enough to show what an edit does. */
export const RATES_DAYS = 30;

const count = z.int().min(0);
const rate = z.number().nullable();

/** Schema of the rates of a step. A rate with the divisor 0 is null. */
export const stepRates = z
  .object({
    entered: count.meta({ description: 'The number of runs that reached the step' }),
    reach: rate.meta({ description: '`entered` divided by the runs of the journey' }),
    outcomes: z.record(z.string(), count).meta({ description: 'The number of runs by outcome of the step' }),
    sent: count.meta({
      description: 'The number of messages handed to the provider, including those it rejected for good',
    }),
    bounce: rate.meta({ description: 'Bounced messages divided by `sent`' }),
    seen: rate.meta({ description: 'Seen messages divided by `sent`, for channels that report it' }),
    click: rate.meta({ description: 'Clicked messages divided by `sent`, for channels that report it' }),
  })
  .meta({
    id: 'StepRates',
    description: `Covers runs that began in the last ${RATES_DAYS} days. A rate is null when its divisor is 0`,
  });

/** Schema of how many runs reached the goal. */
export const conversion = z
  .object({
    entered: count.meta({ description: 'The number of runs' }),
    goal: count.meta({ description: 'The number of these that reached the goal' }),
    rate: rate.meta({ description: '`goal` divided by `entered`; each entry counts once' }),
  })
  .meta({
    id: 'Conversion',
    description: `Covers runs that began in the last ${RATES_DAYS} days. The rate is null when its divisor is 0`,
  });

/** The rates of a step. All counts are 0 when no run has reached it. */
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

/** The share of runs that reached the goal of a journey. */
export function conversionOf({ entered, goal }: JourneyRates): z.infer<typeof conversion> {
  return { entered, goal, rate: share(goal, entered) };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
