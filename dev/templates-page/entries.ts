import type { JourneyCode } from '../../activities/journey-code';
import { checkVariant } from '../../activities/templates/check';
import { inLanguage, samplesOf } from '../../activities/templates/samples';
import type { TemplateUse } from '../../engine/definitions/template-use';
import type { ChannelName } from '../../engine/model/channels';
import { formatProblems, placeIn } from '../hot/place';

/** What a template renders to on one channel: the content, or what is wrong with it. */
export type Rendering =
  | { readonly channel: ChannelName; readonly kind: 'content'; readonly content: unknown }
  /** `problems` names the file and line of each, with the text that stands there. */
  | { readonly channel: ChannelName; readonly kind: 'broken'; readonly problems: string };

/** A template with the data of one example. */
export interface Example {
  /** The step that sends it, and a number where the step has several examples. */
  readonly label: string;
  /** By language tag; null is the template itself. Each has every channel. */
  readonly languages: ReadonlyMap<string | null, readonly Rendering[]>;
}

/** All that a journey sends under one name of a template. */
export interface TemplateEntry {
  readonly journey: string;
  readonly name: string;
  /** Null first, which is the template itself. */
  readonly languages: readonly (string | null)[];
  readonly examples: readonly Example[];
  readonly isBroken: boolean;
}

/**
 * Renders every template that a journey sends, on each channel, in each language, with the examples of each step.
 * @param folders relative names of files in problems are looked up in these
 */
export async function templateEntries(code: JourneyCode, folders: readonly string[]): Promise<TemplateEntry[]> {
  const uses = await samplesOf(code.definitions);
  const byTemplate = grouped(uses, ({ journey, name }) => JSON.stringify([journey, name]));
  return [...byTemplate.values()].map((ofTemplate) => entryOf(ofTemplate, code, folders));
}

type Uses = readonly [TemplateUse, ...TemplateUse[]];

function entryOf(uses: Uses, { templates }: JourneyCode, folders: readonly string[]): TemplateEntry {
  const [{ journey, name }] = uses;
  const languages = [
    null,
    ...new Set(uses.flatMap(({ channel }) => templates.languagesOf(journey, channel, name)).sort()),
  ];
  const render = (use: TemplateUse, language: string | null): Rendering => {
    const { channel } = use;
    const problems = checkVariant(templates, use, language);
    if (problems.length > 0) {
      const placed = problems.map((text) => ({ text, place: placeIn(text, folders) }));
      return { channel, kind: 'broken', problems: formatProblems(placed, false) };
    }
    const { context } = language === null ? use : inLanguage(use, language);
    return { channel, kind: 'content', content: templates.get(journey, channel, name, language).render(context) };
  };
  const examples = [...grouped(uses, ({ step }) => step)].flatMap(([step, ofStep]) =>
    examplesOf(step, ofStep, (those) => new Map(languages.map((tag) => [tag, those.map((use) => render(use, tag))]))),
  );
  const renderings = examples.flatMap((example) => [...example.languages.values()].flat());
  return { journey, name, languages, examples, isBroken: renderings.some(({ kind }) => kind === 'broken') };
}

/** The examples of a step. Those that look like an earlier one in every language are left out. */
function examplesOf(step: string, uses: Uses, render: (those: Uses) => Example['languages']): Example[] {
  const byContext = grouped(uses, ({ context }) => JSON.stringify(context));
  const shown = new Map<string, Example['languages']>();
  for (const those of byContext.values()) {
    const languages = render(those);
    const look = JSON.stringify([...languages]);
    if (!shown.has(look)) shown.set(look, languages);
  }
  return [...shown.values()].map((languages, n) => ({
    label: shown.size === 1 ? step : `${step}, example ${n + 1}`,
    languages,
  }));
}

function grouped(uses: readonly TemplateUse[], keyOf: (use: TemplateUse) => string): Map<string, Uses> {
  const groups = new Map<string, Uses>();
  for (const use of uses) {
    const key = keyOf(use);
    const group = groups.get(key);
    groups.set(key, group ? [...group, use] : [use]);
  }
  return groups;
}
