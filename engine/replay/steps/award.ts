import { z } from 'zod';
import { fields } from '../../authoring/fields';
import { name, stepName } from '../../authoring/json-fields';
import { MAX_BADGES } from '../../model/limits';
import { instant, SILENT, type StepCall, type StepForm, type StepType } from './step-type';

interface Prize {
  readonly points?: number;
  readonly badge?: string;
}

/** Gives points, a badge or both. */
function award(prize: Prize): StepCall<void> {
  const { points = 0, badge } = prize;
  const text = [prize.points, badge].filter((part) => part !== undefined).join(', ');
  return instant({ kind: 'award', text, ...SILENT }, ({ draft }) => {
    draft.memory.points += points;
    const { badges } = draft.memory;
    const isNew = badge !== undefined && !badges.includes(badge);
    const isFull = isNew && badges.length >= MAX_BADGES;
    if (isNew && !isFull) draft.memory.badges = [...badges, badge];
    const badgeWon = badge === undefined ? null : isFull ? `no badge: ${MAX_BADGES} are kept` : `badge ${badge}`;
    const won = [points === 0 ? null : `${points} points`, badgeWon];
    return { outcome: { points, badge: badge ?? null }, reason: won.filter((part) => part !== null).join(', ') };
  });
}

export interface AwardForm extends StepForm, Prize {
  readonly kind: 'award';
}

export const AWARD: StepType<'award', AwardForm> = {
  kind: 'award',
  bind: (perform) => (step, prize) => perform(step, () => award(prize)),
  figure: null,
  json: {
    schema: () =>
      fields({
        kind: z.literal('award').meta({ description: 'Gives points, a badge or both' }),
        step: stepName,
        points: z
          .int()
          .min(-1_000_000)
          .max(1_000_000)
          .exactOptional()
          .meta({ description: 'How many points. A negative number takes points away. Default: 0' }),
        badge: name
          .exactOptional()
          .meta({ description: 'The name of a badge. A user has each one once, and 1,000 at most. Default: none' }),
      }),
    async play({ step, points, badge }, j) {
      await j.award(step, { ...(points !== undefined && { points }), ...(badge !== undefined && { badge }) });
      return [];
    },
    mistakes: ({ points, badge }) =>
      points === undefined && badge === undefined ? [{ path: [], message: 'An award needs points or a badge.' }] : [],
  },
};
