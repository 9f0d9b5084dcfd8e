import { z } from 'zod';
import { name } from '../../authoring/json-fields';
import type { Occurrence } from '../../authoring/event';
import { fields } from '../../authoring/fields';
import type { Trigger } from '../../authoring/trigger';
import { exampleNamed, type TriggerType } from './trigger-type';

/** Entry when the user enters a stage of the lifecycle. */
export interface StageTrigger extends Trigger<Occurrence> {
  readonly kind: 'stage';
  readonly stage: string;
}

/** Enters users into the journey when they enter this stage of the lifecycle. */
export function stage(stageName: string): StageTrigger {
  return { kind: 'stage', stage: stageName };
}

const form = fields({
  kind: z.literal('stage').meta({ description: 'Lets users enter when they reach a stage of the lifecycle' }),
  stage: name.meta({ description: 'The name of the stage, as the lifecycle declares it' }),
});

export const STAGE = {
  kind: 'stage',
  text: (trigger) => `stage ${trigger.stage}`,
  events: () => [],
  stage: (trigger) => trigger.stage,

  admissions(trigger, journey, occasion, _, logicalTime) {
    if (occasion.kind !== 'stage' || occasion.stage !== trigger.stage) return [];
    const { cause, age } = occasion;
    // The cause distinguishes two changes at the same instant.
    const id = `stage:${trigger.stage}:${logicalTime}${cause ? `:${cause.id}` : ''}`;
    const change = { id, name: `stage ${trigger.stage}`, at: logicalTime, properties: {} };
    return [{ journey, trigger: change, key: null, since: logicalTime, age, ...(cause && { cause: cause.id }) }];
  },

  // The events that change the stage are awaited in any case.
  awaits: () => [],

  examples: ({ kind }) => [exampleNamed(kind)],

  json: { schema: form, read: (one) => stage(one.stage), events: () => [] },
} satisfies TriggerType<StageTrigger, z.infer<typeof form>>;
