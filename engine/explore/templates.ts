import type { Outline } from '../definitions/definitions';
import { CheckedOnce } from '../definitions/checked-once';
import type { CheckTemplate, TemplateContext, TemplateUse } from '../definitions/template-use';
import { withoutSecrets } from '../model/forgetting';
import type { ChannelName, Run } from '../model/state';
import { exampleAnswers } from '../outline/example-answers';
import { exampleMessage } from '../outline/example-links';
import { answersBefore } from '../replay/answers';
import type { MemoryHost } from '../testing/memory-host';
import type { Steering } from './steering';

/** Checks every template with the data of every path that sends it. The same data is checked only once. */
export class TemplateChecks {
  /** Each problem found, with the first send it was found in. A problem of a template is one, however many steps send it. */
  readonly problems = new Map<string, Pick<TemplateUse, 'step' | 'channel'> & { readonly text: string }>();
  /** Every template that a path sends, by its channel and name. */
  readonly used = new Map<string, Pick<TemplateUse, 'channel' | 'name'>>();
  private readonly check: CheckedOnce;

  constructor(
    check: CheckTemplate,
    private readonly outline: Pick<Outline, 'steps'>,
  ) {
    this.check = new CheckedOnce(check);
  }

  /** The steps whose answers templates have read so far. */
  get stepsRead(): ReadonlySet<string> {
    return this.check.stepsRead;
  }

  /**
   * Checks the templates of a run's new sends, on every channel that a send lists, since the recipient decides which
   * one is used.
   * @param known how many records of the journal were checked before
   */
  checkSends({ state }: MemoryHost, run: Run, { sendings, answersShown }: Steering, known: number): void {
    const { id, traits, memory } = state;
    const event = withoutSecrets(run.trigger);
    const user = { id, traits, stage: memory?.stage ?? '' };
    for (const { step } of run.journal.slice(known)) {
      const sending = sendings.get(step);
      if (!sending) continue;
      const answers = (): TemplateContext['steps'] => {
        const passed = Object.entries(answersBefore(run, step)).map(
          ([name, answer]) => [name, answersShown.get(name) ?? answer] as const,
        );
        return exampleAnswers(this.outline, Object.fromEntries(passed));
      };
      for (const [channel, name] of Object.entries(sending.templates) as [ChannelName, string][]) {
        const context = { user, event, ...exampleMessage(sending.data, traits, event.name) };
        this.use({ journey: run.journey, step, channel, name, context }, answers);
      }
    }
  }

  private use(use: Parameters<CheckedOnce['problemsOf']>[0], answers: () => TemplateContext['steps']): void {
    const { step, channel, name } = use;
    this.used.set(`${channel} ${name}`, { channel, name });
    for (const text of this.check.problemsOf(use, answers)) {
      // What is said about it names the step.
      const problem = JSON.stringify([channel, name, text.replaceAll(`'${step}'`, '')]);
      if (!this.problems.has(problem)) this.problems.set(problem, { step, channel, text });
    }
  }
}
