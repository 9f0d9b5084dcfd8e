import { sum } from '../../engine/simulate/counter';
import type { JourneyReport } from '../../engine/simulate/journey-report';
import type { Simulation } from '../../engine/simulate/simulation';
import { spreadOf } from '../../engine/simulate/spread';
import { describeMs } from '../../engine/model/duration';
import { count, number, percent } from './format';

/** What one wants to know first of a simulation: a figure, and a sentence that says what it counts. */
export interface Finding {
  /** The same in every simulation of the same journeys. */
  readonly id: string;
  readonly title: string;
  readonly figure: string;
  /** Goes on from the figure: `9.5` "messages a person". */
  readonly text: string;
}

/** The most journeys that one finding names. */
const MOST_NAMED = 4;

/** Returns the findings, the most important first. What looks wrong is not among them: see `concerns`. */
export function findings(simulation: Simulation): Finding[] {
  return [
    messages(simulation),
    byCaps(simulation),
    byNight(simulation),
    ...budgets(simulation),
    ...simulation.journeys.flatMap(goal),
  ];
}

function messages({ received, days }: Simulation): Finding {
  const { people, mean, median, top } = spreadOf(received);
  return {
    id: 'messages',
    title: 'Messages',
    figure: number(mean),
    text:
      `messages a person in ${days} days. Half of the ${number(people)} people get ${median} or fewer. ` +
      `The tenth who get most (${count(top.people, 'person', 'people')}) get ${number(top.mean)} each, and at least ${top.least}.`,
  };
}

function byCaps({ collisions }: Simulation): Finding {
  const lost = sum(collisions.filter(({ instead }) => instead === null));
  const all = sum(collisions);
  if (all === 0) return { id: 'caps', title: 'Caps', figure: '0', text: 'messages met a cap.' };
  const [most] = collisions;
  return {
    id: 'caps',
    title: 'Caps',
    figure: number(all),
    text:
      `${all === 1 ? 'time' : 'times'} a cap kept a message from a channel. ` +
      (lost === 0 ? 'All of them went out by another channel.' : `${count(lost, 'message')} did not go out at all.`) +
      (most ? ` Most often ${most.journey} lost to ${most.winners.join(' and ') || 'itself'}.` : ''),
  };
}

function byNight({ holds, causes }: Simulation): Finding {
  const held = sum(holds.filter(({ hold }) => hold === 'quiet hours'));
  const late = sum(causes.filter(({ cause }) => cause === 'quiet hours' || cause === 'expired'));
  return {
    id: 'nights',
    title: 'Nights',
    figure: number(held),
    text:
      `${held === 1 ? 'message' : 'messages'} waited for quiet hours to end.` +
      (late === 0 ? '' : ` ${count(late, 'message')} came too late and did not go out.`),
  };
}

function budgets({ journeys }: Simulation): Finding[] {
  const tight = journeys
    .flatMap(({ journey, budget }) => {
      if (!budget) return [];
      const full = sum(budget.entries.filter(({ used }) => used >= budget.messages));
      return [{ journey, ...budget, full, all: sum(budget.entries) }];
    })
    .filter(({ full }) => full > 0)
    .sort((a, b) => b.full / b.all - a.full / a.all);
  const budgeted = journeys.filter(({ budget }) => budget).length;
  if (budgeted === 0) return [];
  const named = tight
    .slice(0, MOST_NAMED)
    .map(
      ({ journey, messages: most, withinMs, full, all }) =>
        `${journey} (${most} in ${describeMs(withinMs)}) by ${percent(full, all)}`,
    );
  return [
    {
      id: 'budgets',
      title: 'Budgets',
      figure: `${tight.length} of ${budgeted}`,
      text:
        tight.length === 0
          ? 'budgets are used up by any entry.'
          : `budgets are used up by some entries: ${named.join(', ')}.`,
    },
  ];
}

function goal({ journey, goal: aim }: JourneyReport): Finding[] {
  if (!aim || aim.watched === 0) return [];
  return [
    {
      id: `goal ${journey}`,
      title: 'Goals',
      figure: percent(aim.reached, aim.watched),
      text: `of ${count(aim.watched, 'entry', 'entries')} of ${journey} reached the goal.`,
    },
  ];
}
