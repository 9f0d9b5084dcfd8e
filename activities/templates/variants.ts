import { knownLocale } from './locale';

/** The files of one template: the path of each variant, by its language tag as the file writes it. */
export type Variants = ReadonlyMap<string, string>;

/**
 * Finds templates for one language, such as `welcome.de.email.mjml` beside `welcome.email.mjml`. A file is a variant only if the
 * template without the tag is beside it: that one is for everybody else.
 * @param paths all templates of one format
 * @returns the variants of each template that has some, by its path
 */
export function variantsAmong(paths: Iterable<string>, suffix: string): Map<string, Variants> {
  const all = new Set(paths);
  const found = new Map<string, Map<string, string>>();
  for (const path of all) {
    const [, stem, tag] = /^(.*)\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)$/.exec(path.slice(0, -suffix.length)) ?? [];
    if (stem === undefined || tag === undefined || knownLocale(tag) === null) continue;
    const base = stem + suffix;
    if (!all.has(base)) continue;
    found.set(base, (found.get(base) ?? new Map<string, string>()).set(tag, path));
  }
  return found;
}

/**
 * The variant for a language, by lookup (RFC 4647 3.4): the tag, then the tag without its last part, and so on. `pt-BR` finds `pt`.
 * @param language a language tag in any case of its letters; null when none is known
 * @returns the path; null when the template without a tag is the one
 */
export function lookUp(variants: Variants, language: string | null): string | null {
  const byTag = new Map([...variants].map(([tag, path]) => [tag.toLowerCase(), path]));
  for (let range = language?.toLowerCase() ?? ''; range !== ''; range = shorter(range)) {
    const path = byTag.get(range);
    if (path !== undefined) return path;
  }
  return null;
}

/** A range without its last part. A single letter before that part introduces it, and goes with it. */
function shorter(range: string): string {
  return range.slice(0, Math.max(0, range.lastIndexOf('-'))).replace(/-[a-z0-9]$/, '');
}
