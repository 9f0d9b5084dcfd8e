import type { JourneyReport } from '../../engine/simulate/journey-report';
import type { Simulation } from '../../engine/simulate/simulation';
import { number, percent, type Section } from './section';

/** What became of entries, journey by journey. */
export function journeys({ journeys: all }: Simulation): Section {
  return {
    title: 'Journeys',
    note: 'entries, and the messages that were sent; one person may enter more than once',
    head: ['journey', 'entered', 'messages', 'inside', 'completed', 'exited', 'parked'],
    rows: all.map(({ journey, entered, sent, active, completed, exited, failed }) => [
      journey,
      ...[entered, sent, active, completed, exited, failed].map(number),
    ]),
  };
}

/** How many reached the goals. */
export function goals({ journeys: all }: Simulation): Section {
  return {
    title: 'Goals',
    note: 'conversion = entries that reached the goal within its time / entries, once per entry; only entries whose time was over by the end are counted',
    head: ['journey', 'entries', 'reached', 'conversion'],
    rows: all.flatMap(({ journey, goal }) =>
      goal ? [[journey, number(goal.watched), number(goal.reached), percent(goal.reached, goal.watched)]] : [],
    ),
  };
}

/** How far those who entered a journey came. */
export function funnel({ journey, entered, ends, steps }: JourneyReport): Section {
  return {
    title: `Funnel of ${journey}`,
    note: 'entries that reached each step, and what it came out as; then how entries ended',
    head: ['step', 'reached', 'of entries', 'came out as'],
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
