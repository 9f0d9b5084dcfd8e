import { EXAMPLE_LINKS } from '../outline/example-links';
import type { MemoryHost } from '../testing/memory-host';
import type { ChannelName, Run } from '../model/state';
import type { CheckTemplate, TemplateUse } from '../definitions/template-use';
import type { MessageContent } from '../replay/steps';

/** Checks every template with the data of every path that sends it. The same data is checked only once. */
export class TemplateChecks {
  /** Each problem found, with the first send it was found in. A problem of a template is one, however many steps send it. */
  readonly problems = new Map<string, Pick<TemplateUse, 'step' | 'channel'> & { readonly text: string }>();
  /** Every template that a path sends, by its channel and name. */
  readonly used = new Map<string, Pick<TemplateUse, 'channel' | 'name'>>();
  private readonly checked = new Set<string>();

  constructor(private readonly check: CheckTemplate) {}

  /**
   * Checks the templates of a run's new sends, on every channel that a send lists, since the recipient decides which
   * one is used.
   * @param known how many records of the journal were checked before
   */
  checkSends({ state }: MemoryHost, run: Run, sendings: ReadonlyMap<string, MessageContent>, known: number): void {
    const { id, traits, memory } = state;
    const event = { name: run.trigger.name, properties: run.trigger.properties };
    const user = { id, traits, stage: memory?.stage ?? '' };
    for (const { step } of run.journal.slice(known)) {
      const sending = sendings.get(step);
      for (const [channel, name] of Object.entries(sending?.templates ?? {}) as [ChannelName, string][]) {
        const context = { user, event, data: sending?.data ?? {}, links: EXAMPLE_LINKS };
        this.use({ journey: run.journey, step, channel, name, context });
      }
    }
  }

  private use(use: TemplateUse): void {
    const key = JSON.stringify(use);
    if (this.checked.has(key)) return;
    this.checked.add(key);
    const { step, channel, name } = use;
    this.used.set(`${channel} ${name}`, { channel, name });
    for (const text of this.check(use)) {
      // What is said about it names the step.
      const problem = JSON.stringify([channel, name, text.replaceAll(`'${step}'`, '')]);
      if (!this.problems.has(problem)) this.problems.set(problem, { step, channel, text });
    }
  }
}
