import type { CheckTemplate, TemplateContext, TemplateUse } from './template-use';

type Answers = TemplateContext['steps'];
type UseWithout<Field extends keyof TemplateContext> = Omit<TemplateUse, 'context'> & {
  readonly context: Omit<TemplateContext, Field>;
};

/** Checks each use of a template once. Uses that differ only in answers that the template does not read are the same. */
export class CheckedOnce {
  /** The steps whose answers templates have read so far. */
  readonly stepsRead = new Set<string>();
  private readonly readBy = new Map<string, Set<string>>();
  private readonly checked = new Set<string>();

  constructor(private readonly check: CheckTemplate) {}

  /**
   * The problems of a use; none if it was checked before.
   * @param answersOf says the answers in the use, of which there may be many; most templates read none
   */
  problemsOf(use: UseWithout<'steps'>, answersOf: () => Answers): readonly string[] {
    const { channel, name, context } = use;
    const template = `${channel} ${name}`;
    const known = this.readBy.get(template);
    const read = known ?? new Set<string>();
    const keyOf = (): string => JSON.stringify([use, read.size === 0 ? {} : only(answersOf(), read)]);
    if (known && this.checked.has(keyOf())) return [];
    this.readBy.set(template, read);
    const problems = this.check({ ...use, context: { ...context, steps: noting(answersOf(), read) } });
    for (const step of read) this.stepsRead.add(step);
    this.checked.add(keyOf());
    return problems;
  }
}

/** The same answers. The step of each one that is looked for is noted. */
function noting(steps: Answers, read: Set<string>): Answers {
  return new Proxy(steps, {
    getOwnPropertyDescriptor(answers, step) {
      read.add(String(step));
      return Reflect.getOwnPropertyDescriptor(answers, step);
    },
  });
}

function only(steps: Answers, names: ReadonlySet<string>): Answers {
  return Object.fromEntries(Object.entries(steps).filter(([step]) => names.has(step)));
}
