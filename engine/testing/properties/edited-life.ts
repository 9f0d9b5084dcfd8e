import fc from 'fast-check';
import type { Plan } from './plan';
import { apply, edits, EVERY_KIND, type Edit } from './random-edit';
import type { Ingredients } from './random-journey';
import { BEGIN, moments, type Deed } from './random-life';
import type { StoredUser } from './stored-user';

const YEAR = 365 * 86_400_000;

/** An edit, and when it goes live. */
export interface Deployment {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly edit: Edit;
  /** True if users are advanced at once; false if they are advanced only when something happens to them. */
  readonly told: boolean;
  /** True if the deployment goes back to the code before the last deployment, instead of making the edit. */
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
    .map((list) => list.map((each, index) => ({ ...each, at: each.at + index })).sort((a, b) => a.at - b.at));
}

/** The plans after each deployment. Index 0 is the initial plans. */
export function editions(initial: readonly Plan[], deploys: readonly Deployment[]): readonly (readonly Plan[])[] {
  return deploys.reduce<(readonly Plan[])[]>(
    (list, { edit, back }, index) => [
      ...list,
      (back ? list.at(-2) : undefined) ?? (list.at(-1) ?? initial).map((plan) => apply(plan, edit, index + 1)),
    ],
    [initial],
  );
}

/**
 * Lets a user live a life without delays, under journeys that change in the meantime. It ends one year after `BEGIN`.
 * @param deploy makes a deployment; `count` is 1 for the first
 */
export async function live(
  user: StoredUser,
  life: readonly Deed[],
  deploys: readonly Deployment[],
  deploy: (deployment: Deployment, count: number) => Promise<void>,
): Promise<void> {
  const agenda = [
    ...life.map((event) => ({ at: event.receivedAt, act: () => user.receive(event) })),
    ...deploys.map((deployment, index) => ({ at: deployment.at, act: () => deploy(deployment, index + 1) })),
  ].sort((a, b) => a.at - b.at);
  for (const { at, act } of agenda) {
    await user.passUntil(at - 1);
    await act();
  }
  await user.passUntil(BEGIN + YEAR);
}
