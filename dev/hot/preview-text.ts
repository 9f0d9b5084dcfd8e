import type { InFlightSummary } from '../../engine/preview/in-flight';

/** The most lines about what an edit does. `sojourn diff` has all of them. */
const MOST = 12;

/**
 * Says what an edit does to people in flight: a sentence, and a line for each kind of change, the most frequent first.
 * @param changed ids of the journeys that changed
 * @param rules whether the lifecycle or the policy may have changed as well
 */
export function previewText(changed: readonly string[], rules: boolean, summary: InFlightSummary): string[] {
  const { rows } = summary;
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
  return [journeys, totalsText(summary), ...lines, ...(left > 0 ? [`  and ${left} more kinds of change`] : [])];
}

function totalsText({ people, totals, partial }: InFlightSummary): string {
  if (people === 0) return 'Nobody is inside a journey.';
  const runs = totals.stays + totals.moves + totals.ends + totals.parked;
  const counts = `Stay: ${totals.stays}, move on: ${totals.moves}, end: ${totals.ends}, parked by an error: ${totals.parked}.`;
  const rest = partial ? ' There was no time to look at everybody.' : '';
  return `Runs in flight: ${runs}, people: ${people}. ${counts} Messages released: ${totals.released}.${rest}`;
}
