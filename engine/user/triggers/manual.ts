import { z } from 'zod';
import type { Occurrence } from '../../authoring/event';
import { fields } from '../../authoring/fields';
import type { Trigger } from '../../authoring/trigger';
import { exampleNamed, type TriggerType } from './trigger-type';

/** Entry by hand only: through the API, or by support staff. */
export interface ManualTrigger extends Trigger<Occurrence> {
  readonly kind: 'manual';
}

/** Enters users by hand only. */
export function manual(): ManualTrigger {
  return { kind: 'manual' };
}

const form = fields({
  kind: z
    .literal('manual')
    .meta({ description: 'Lets users enter by hand only: through the API, or by support staff' }),
});

export const MANUAL = {
  kind: 'manual',
  text: () => 'by hand',
  events: () => [],
  // An entry by hand is a command, whatever the trigger. See `commands.ts`.
  admissions: () => [],
  awaits: () => [],
  examples: ({ kind }) => [exampleNamed(kind)],
  json: { schema: form, read: () => manual(), events: () => [] },
} satisfies TriggerType<ManualTrigger, z.infer<typeof form>>;
