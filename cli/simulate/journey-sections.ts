import type { JourneyReport } from '../../engine/simulate/journey-report';
import type { Simulation } from '../../engine/simulate/simulation';
import { flowTitle, number, percent, type Section } from './section';

/** Shows, for each journey, how many entries there were and how they ended. */
export function journeys({ journeys: all }: Simulation): Section {
  return {
    title: 'Journeys',
    note: 'entries and sent messages; one person may enter more than once',
    head: ['journey', 'entered', 'messages', 'active', 'completed', 'exited', 'parked'],
    rows: all.map(({ journey, entered, sent, active, completed, exited, failed }) => [
      journey,
      ...[entered, sent, active, completed, exited, failed].map(number),
    ]),
  };
}

/** Shows how many entries reached the goal of each journey. */
export function goals({ journeys: all }: Simulation): Section {
  return {
    title: 'Goals',
    note: 'conversion = entries that reached the goal in time / entries, once per entry; entries that still had time at the end are not counted',
    head: ['journey', 'entries', 'reached', 'conversion'],
    rows: all.flatMap(({ journey, goal }) =>
      goal ? [[journey, number(goal.watched), number(goal.reached), percent(goal.reached, goal.watched)]] : [],
    ),
  };
}

/** Shows how many entries of a journey reached each step. */
export function funnel({ journey, entered, ends, steps }: JourneyReport): Section {
  return {
    title: flowTitle(journey),
    note: 'entries that reached each step, with the outcomes of the step; then how the entries ended',
    head: ['step', 'reached', 'of entries', 'outcomes'],
    rows: [
      ['entered', number(entered), percent(entered, entered), ''],
      ...steps.map(({ step, reached, outcomes }) => [
        step,
        number(reached),
        percent(reached, entered),
        Object.entries(outcomes)
          .map(([outcome, count]) => `${outcome} ${number(count)}`)
          .join(', '),
      ]),
      ...ends.map(({ became, reason, count }) => [`■ ${became}`, number(count), percent(count, entered), reason]),
    ],
    charts: [
      {
        kind: 'bars',
        title: 'Entries that reached each step',
        labels: ['entered', ...steps.map(({ step }) => step)],
        series: [{ name: 'entries', values: [entered, ...steps.map(({ reached }) => reached)] }],
      },
    ],
  };
}
