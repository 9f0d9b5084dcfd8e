import { sum } from '../../engine/simulate/counter';
import type { JourneyReport } from '../../engine/simulate/journey-report';
import type { Simulation } from '../../engine/simulate/simulation';
import { count, flowTitle, number, percent } from './format';

/** Something that looks wrong, and the section of the report to look at. */
export interface Concern {
  readonly text: string;
  readonly section: string;
}

/** Of fewer entries, nothing is said by what none of them did. */
const ENOUGH = 20;
/** The most steps that one concern names. */
const MOST_NAMED = 4;
/** A journey is mentioned when a cap keeps more than this part of its messages from going out. */
const MANY_CAPPED = 0.05;

/** Returns what looks wrong in a simulation, the gravest first. Each is a hint: look whether it is meant. */
export function concerns(simulation: Simulation): Concern[] {
  const { journeys } = simulation;
  return [
    ...journeys.flatMap(parked),
    ...journeys.flatMap(overBudget),
    ...journeys.flatMap(withoutGoal),
    ...journeys.flatMap((one) => mostlyUnsent(one, simulation)),
    ...journeys.flatMap((one) => mostlyCapped(one, simulation)),
    ...tooMany(simulation),
    ...neverEntered(simulation),
    ...journeys.flatMap(unreached),
  ];
}

function parked({ journey, failed }: JourneyReport): Concern[] {
  if (failed === 0) return [];
  const text = `${journey}: ${count(failed, 'entry was', 'entries were')} parked by an error in the journey's code.`;
  return [{ text, section: flowTitle(journey) }];
}

function overBudget({ journey, budget }: JourneyReport): Concern[] {
  if (!budget) return [];
  const over = sum(budget.entries.filter(({ used }) => used > budget.messages));
  if (over === 0) return [];
  const text = `${journey}: ${count(over, 'entry', 'entries')} sent more than the budget of ${count(budget.messages, 'message')}.`;
  return [{ text, section: flowTitle(journey) }];
}

function withoutGoal({ journey, goal }: JourneyReport): Concern[] {
  if (!goal || goal.watched < ENOUGH || goal.reached > 0) return [];
  const text = `${journey}: none of ${number(goal.watched)} entries reached the goal.`;
  return [{ text, section: flowTitle(journey) }];
}

function mostlyUnsent({ journey, sent }: JourneyReport, { suppressed }: Simulation): Concern[] {
  const rows = suppressed.filter((row) => row.journey === journey);
  const lost = sum(rows);
  const [reason] = rows;
  if (!reason || lost + sent < ENOUGH || lost < sent) return [];
  const text = `${journey}: ${percent(lost, lost + sent)} of its ${number(lost + sent)} messages were not sent, mostly because of "${reason.reason}".`;
  return [{ text, section: 'Not sent' }];
}

function mostlyCapped({ journey, sent }: JourneyReport, { collisions }: Simulation): Concern[] {
  const rows = collisions.filter((row) => row.journey === journey && row.instead === null);
  const lost = sum(rows);
  const [first] = rows;
  if (!first || lost < MANY_CAPPED * (lost + sent)) return [];
  const text = `${journey}: caps kept ${percent(lost, lost + sent)} of its ${number(lost + sent)} messages from going out, mostly used up by ${first.winners.join(', ')}.`;
  return [{ text, section: 'Cap collisions' }];
}

function tooMany({ busiest, weekCap }: Simulation): Concern[] {
  if (weekCap === null) return [];
  const over = busiest.filter(({ messages }) => messages > weekCap);
  const most = Math.max(0, ...over.map(({ messages }) => messages));
  if (over.length === 0) return [];
  const text = `${count(sum(over), 'person', 'people')} got more than ${weekCap} messages in one week, and one of them ${most}. The policy's cap counts no transactional messages.`;
  return [{ text, section: 'Messages per person and week' }];
}

function neverEntered({ journeys }: Simulation): Concern[] {
  const never = journeys.filter(({ entered }) => entered === 0).map(({ journey }) => journey);
  if (never.length === 0) return [];
  const text = `Nobody entered ${named(never)}. Do the people do what lets them enter?`;
  return [{ text, section: 'Journeys' }];
}

function unreached({ journey, entered, steps }: JourneyReport): Concern[] {
  if (entered < ENOUGH) return [];
  const never = steps.filter(({ reached }) => reached === 0).map(({ step }) => `'${step}'`);
  if (never.length === 0) return [];
  const text = `${journey}: none of ${number(entered)} entries reached ${named(never)}.`;
  return [{ text, section: flowTitle(journey) }];
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED);
  const others = names.length - shown.length;
  return [...shown, ...(others > 0 ? [`${others} more`] : [])].join(', ');
}
