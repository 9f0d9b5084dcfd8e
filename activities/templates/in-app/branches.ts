import { END } from '../../../engine/model/survey';
import type { Question } from './question';
import { repeatedIn } from './values';

/** What is wrong with questions, and where. */
export interface Flaw {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Finds what the schema of a single question can't: ids that are there twice, branches to no question or back, and branches for an
 * option that is not there. Branches lead only forward, so every survey ends.
 */
export function flawsOfQuestions(questions: readonly Question[]): Flaw[] {
  const ids = questions.map(({ id }) => id);
  const repeated = repeatedIn(ids).map((place) => ({ path: [place, 'id'], message: 'is the id of two questions' }));
  const reserved = ids.flatMap((id, place) =>
    id === END ? [{ path: [place, 'id'], message: `must not be ${END}, which ends a survey` }] : [],
  );
  return [...repeated, ...reserved, ...questions.flatMap((question, place) => flawsOfBranches(question, place, ids))];
}

function flawsOfBranches(question: Question, place: number, ids: readonly string[]): Flaw[] {
  if (question.type === 'text') return [];
  const later = [...ids.slice(place + 1), END];
  const values = 'options' in question ? question.options.map(({ value }) => value) : null;
  return (question.next ?? []).flatMap((branch, n) => {
    const at = (field: string): Flaw['path'] => [place, 'next', n, field];
    const flaws: Flaw[] = [];
    if (!later.includes(branch.to))
      flaws.push({ path: at('to'), message: `must be the id of a later question: ${later.join(', ')}` });
    if (values && 'is' in branch && !values.includes(String(branch.is)))
      flaws.push({ path: at('is'), message: `must be the value of an option: ${values.join(', ')}` });
    return flaws;
  });
}
