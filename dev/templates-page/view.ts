import { z } from 'zod';
import type { Example, Rendering, TemplateEntry } from './entries';

/** Where the page is. */
export const PATH = '/templates';

/** What the address of the page says. What it leaves out, or what is not there any more after an edit, is the first there is. */
export const QUERY = z.object({
  journey: z.string().default(''),
  template: z.string().default(''),
  language: z.string().default(''),
  example: z.string().default(''),
  theme: z.enum(['auto', 'light', 'dark']).catch('auto'),
  width: z.enum(['wide', 'phone']).catch('wide'),
});
export type View = z.output<typeof QUERY>;
export type Theme = View['theme'];

/** What of the templates is shown. */
export interface Choice {
  readonly entry: TemplateEntry;
  readonly example: Example;
  readonly language: string | null;
}

/** Finds what a view shows; null when no journey sends a template. */
export function choiceOf(entries: readonly TemplateEntry[], view: View): Choice | null {
  const entry = entries.find(({ journey, name }) => journey === view.journey && name === view.template) ?? entries[0];
  const example = entry?.examples.find(({ label }) => label === view.example) ?? entry?.examples[0];
  if (!entry || !example) return null;
  return { entry, example, language: entry.languages.find((tag) => tag === view.language) ?? null };
}

/** What the chosen template renders to, on each channel. */
export function renderingsOf({ example, language }: Choice): readonly Rendering[] {
  return example.languages.get(language) ?? [];
}

/** The address of another view. */
export function addressOf(view: View, changes: Partial<View>, path: string = PATH): string {
  const asked = Object.entries({ ...view, ...changes }).filter(([, value]) => !['', 'auto', 'wide'].includes(value));
  return `${path}?${new URLSearchParams(asked).toString()}`;
}
