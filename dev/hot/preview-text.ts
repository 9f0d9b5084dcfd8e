import { totalsText } from '../../cli/diff/markdown';
import type { InFlightSummary } from '../../engine/preview/in-flight';

/** The most lines about what an edit does. `sojourn diff` has all of them. */
const MOST = 12;

/**
 * Says what an edit does to people in flight: a sentence, and a line for each kind of change, the most frequent first.
 * @param changed ids of the journeys that changed
 * @param rules whether the lifecycle or the policy may have changed as well
 */
export function previewText(
  changed: readonly string[],
  rules: boolean,
  { people, totals, rows, partial }: InFlightSummary,
): string[] {
  const others = rules
    ? 'The lifecycle or the policy changed.'
    : 'No journey, lifecycle or policy changed, but a template or other code.';
  const journeys = changed.length > 0 ? `Changed journeys: ${changed.join(', ')}.` : others;
  const eventful = rows.filter(({ change, why }) => change !== 'stays' || why !== '');
  const lines = eventful.slice(0, MOST).map(({ journey, change, step, to, why, count, samples }) => {
    const where = [step, to].filter((part) => part !== null).join(' → ');
    return `  ${count} × ${journey}: ${change} ${where}${why === '' ? '' : ` (${why})`}, for example ${samples.join(', ')}`;
  });
  const left = eventful.length - lines.length;
  return [
    journeys,
    totalsText({ people, totals, partial }),
    ...lines,
    ...(left > 0 ? [`  and ${left} more kinds of change`] : []),
  ];
}
