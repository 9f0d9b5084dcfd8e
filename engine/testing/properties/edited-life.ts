import fc from 'fast-check';
import type { Plan } from './plan';
import { apply, edits, EVERY_KIND, type Edit } from './random-edit';
import type { Ingredients } from './random-journey';
import { BEGIN, moments, type Deed } from './random-life';
import type { StoredUser } from './stored-user';

const YEAR = 365 * 86_400_000;

/** An edit that goes live at a moment. */
export interface Deployment {
  readonly at: number;
  readonly edit: Edit;
  /** Everybody is told at once, or only when something happens to them. */
  readonly told: boolean;
  /** Not the edit, but the code that was there before the last one. */
  readonly back: boolean;
}

/** One to six random deployments, in order. */
export function deployments(
  ingredients: Ingredients,
  kinds = EVERY_KIND,
  back: fc.Arbitrary<boolean> = fc.constant(false),
): fc.Arbitrary<readonly Deployment[]> {
  const deployment = fc.record({ at: moments, edit: edits(ingredients, kinds), told: fc.boolean(), back });
  return fc
    .array(deployment, { minLength: 1, maxLength: 6, size: 'max' })
    .map((list) => list.map((one, index) => ({ ...one, at: one.at + index })).sort((a, b) => a.at - b.at));
}

/** What the journeys are after each deployment; `count` is 1 for the first. */
export function editions(initial: readonly Plan[], deploys: readonly Deployment[]): readonly (readonly Plan[])[] {
  return deploys.reduce<(readonly Plan[])[]>(
    (list, { edit, back }, index) => [
      ...list,
      (back ? list.at(-2) : undefined) ?? (list.at(-1) ?? initial).map((plan) => apply(plan, edit, index + 1)),
    ],
    [initial],
  );
}

/** Lives a life on time, under journeys that change on the way. */
export async function live(
  user: StoredUser,
  life: readonly Deed[],
  deploys: readonly Deployment[],
  deploy: (deployment: Deployment, count: number) => Promise<void>,
): Promise<void> {
  const happenings = [
    ...life.map((deed) => ({ at: deed.receivedAt, happen: () => user.receive(deed) })),
    ...deploys.map((deployment, index) => ({ at: deployment.at, happen: () => deploy(deployment, index + 1) })),
  ].sort((a, b) => a.at - b.at);
  for (const { at, happen } of happenings) {
    await user.passUntil(at - 1);
    await happen();
  }
  await user.passUntil(BEGIN + YEAR);
}
