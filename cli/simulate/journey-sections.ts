import type { JourneyReport } from '../../engine/simulate/journey-report';
import { shareOf } from '../../engine/simulate/share';
import type { Simulation } from '../../engine/simulate/simulation';
import { count, flowTitle, number, percent } from './format';
import type { Section } from './section';

/** Shows, for each journey, how many entries there were and how they ended. */
export function journeys({ journeys: all }: Simulation): Section {
  return {
    title: 'Journeys',
    note: 'people who entered, their entries and the messages sent to them; one person may enter more than once',
    head: ['journey', 'people', 'entered', 'messages', 'active', 'completed', 'exited', 'parked'],
    rows: all.map(({ journey, people, entered, sent, active, completed, exited, failed }) => [
      journey,
      ...[people, entered, sent, active, completed, exited, failed].map(number),
    ]),
  };
}

/** Shows how many entries reached the goal of each journey. */
export function goals({ journeys: all }: Simulation, before?: Simulation): Section {
  const rows = all.flatMap(({ journey, goal }) => {
    const share = goal && shareOf(goal.reached, goal.watched);
    return goal ? [{ journey, ...goal, share }] : [];
  });
  return {
    title: 'Goals',
    note: 'conversion = entries that reached the goal in time / entries, once per entry; entries that still had time at the end are not counted. The interval at 95 % says how far chance alone may move it',
    head: ['journey', 'entries', 'reached', 'conversion', 'from', 'to'],
    rows: rows.map(({ journey, watched, reached, share }) => [
      journey,
      number(watched),
      number(reached),
      percent(reached, watched),
      ...(share ? [percent(share.low, 1), percent(share.high, 1)] : ['–', '–']),
    ]),
    bars: {
      kind: 'part',
      of: rows.map(({ journey, share }) => ({
        ...(share ?? { value: 0 }),
        before: before?.journeys.find((one) => one.journey === journey)?.goal?.rate ?? undefined,
      })),
    },
  };
}

/** Shows how many entries of a journey reached each step. */
export function flow({
  journey,
  entered,
  people,
  active,
  completed,
  exited,
  failed,
  ends,
  steps,
}: JourneyReport): Section {
  const became = [
    `${number(completed)} completed`,
    `${number(exited)} exited`,
    `${number(active)} still inside`,
    ...(failed > 0 ? [`${number(failed)} parked`] : []),
  ].join(', ');
  return {
    title: flowTitle(journey),
    note: `${count(entered, 'entry', 'entries')} of ${count(people, 'person', 'people')}: ${became}. Steps count the entries that reached them`,
    head: ['step', 'reached', 'of entries', 'outcomes'],
    rows: [
      ['entered', number(entered), percent(entered, entered), ''],
      ...steps.map(({ step, reached, outcomes }) => [
        step,
        number(reached),
        percent(reached, entered),
        Object.entries(outcomes)
          .map(([outcome, those]) => `${outcome} ${number(those)}`)
          .join(', '),
      ]),
      ...ends.map(({ became: how, reason, count: those }) => [
        `■ ${how}`,
        number(those),
        percent(those, entered),
        reason,
      ]),
    ],
    journey,
    folded: true,
  };
}
