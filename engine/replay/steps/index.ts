import type { Occurrence } from '../../authoring/event';
import type { Json } from '../../model/json';
import type { Steps } from '../../authoring/journey';
import { check, experiment, pick } from './decide';
import { exit } from './exit';
import { award, call, flag, set } from './effect';
import type { StepHandler } from './handler';
import { send } from './send';
import { sleep, sleepUntil, waitFor } from './wait';

/** Runs or recalls one step: the interpreter's part, or that of a probe or an outline. */
export type Perform = <Answer>(step: string, handler: () => StepHandler<Answer>, detail: StepDetail) => Promise<Answer>;

/** The arguments of a step, for those who look at a journey without running it. */
export interface StepDetail {
  readonly templates?: Parameters<Steps['send']>[1];
  /** Of a message. */
  readonly options?: Parameters<Steps['send']>[2];
  readonly awaited?: Parameters<Steps['waitFor']>[1];
  readonly bounded?: boolean;
  readonly variants?: readonly string[];
  readonly pick?: Parameters<Steps['pick']>[1];
  readonly work?: Parameters<Steps['call']>[1];
  readonly text: string;
}

/**
 * The steps a journey's code calls, each handed to `perform` with its handler.
 * @param entered answers what let the user enter; asked once, and only if the code wants to know
 */
export function bindSteps(entered: () => Occurrence, key: string | null, perform: Perform): Steps {
  let event: Occurrence | undefined;
  return {
    get event() {
      return (event ??= entered());
    },
    key,
    send: (step, templates, options = {}) =>
      perform(step, () => send(templates, options), {
        templates,
        options,
        text: Object.values(templates).join(', '),
      }),
    waitFor: (step, awaited, options = {}) =>
      perform(step, () => waitFor(awaited, options), {
        awaited,
        bounded: options.within !== undefined,
        text: options.within ?? 'no end',
      }),
    sleep: (step, duration) => perform(step, () => sleep(duration), { text: duration }),
    sleepUntil: (step, when) => perform(step, () => sleepUntil(when), { text: when.at }),
    check: (step, decide) => perform(step, () => check(decide), { text: '' }),
    pick: (step, decide) => perform(step, () => pick(decide), { pick: decide, text: '' }),
    experiment: (step, weights) =>
      perform(step, () => experiment(weights), {
        variants: Object.keys(weights),
        text: Object.keys(weights).join(', '),
      }),
    award: (step, prize) =>
      perform(step, () => award(prize), {
        text: [prize.points, prize.badge].filter((part) => part !== undefined).join(', '),
      }),
    set: (step, traits) => perform(step, () => set(traits), { text: Object.keys(traits).join(', ') }),
    flag: (step, name, value: Json = true) => perform(step, () => flag(name, value), { text: name }),
    call: (step, work) => perform(step, () => call(), { work, text: '' }),
    exit: (step, reason = step) => perform(step, () => exit(reason), { text: reason }),
  };
}
