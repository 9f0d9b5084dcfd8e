import type { Context, FilterImplOptions } from 'liquidjs';
import type { TemplateContext } from '../../engine/definitions/template-use';
import { requireZone, zoneOf } from '../../engine/model/zone';
import { knownLocale, localeOf } from './locale';

/** One use of a filter, with the values of its arguments. */
export interface FilterCall {
  /** The argument without a name; undefined when there is none. */
  readonly first: unknown;
  /** The arguments with a name. */
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * The locale to write in: the option `locale` if it has a value, or else the person's.
   * @throws {Error} when the option is not a locale. The person's own locale never fails
   */
  readonly locale: () => string;
  /**
   * The zone to write in, found in the same way.
   * @throws {Error} when the option is not a zone
   */
  readonly zone: () => string;
}

/** A filter that writes for the person. */
export interface LocalFilter {
  /** The names of its options. */
  readonly options: readonly string[];
  /** @throws {Error} that says what is wrong, and does not repeat the value, which belongs to the person */
  format(value: unknown, call: FilterCall): string;
}

/** A filter as LiquidJS takes one. */
export type FilterHandler = Extract<FilterImplOptions, (...args: never[]) => unknown>;

/** Makes a filter of LiquidJS. A value that is missing is written as nothing, as everywhere in Liquid. */
export function localFilter(name: string, filter: LocalFilter): FilterHandler {
  return function (value: unknown, ...args: unknown[]): string {
    if (value == null) return '';
    let written;
    try {
      written = filter.format(value, callOf(filter, args, this.context));
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.context.memoryLimit.use(written.length);
    return written;
  };
}

function callOf(filter: LocalFilter, args: readonly unknown[], context: Context): FilterCall {
  // LiquidJS passes an argument with a name as a pair.
  const pairs = args.filter((arg): arg is [string, unknown] => Array.isArray(arg));
  const options = Object.fromEntries(pairs);
  const unknown = Object.keys(options).find((option) => !filter.options.includes(option));
  if (unknown !== undefined) throw new Error(`unknown option '${unknown}'; there are ${filter.options.join(', ')}`);
  const first = args.find((arg) => !Array.isArray(arg)) ?? undefined;
  const { traits } = (context.globals as unknown as TemplateContext).user;
  const { locale, zone } = options;
  return {
    first,
    options,
    locale: () => {
      const known = locale == null ? localeOf(traits) : knownLocale(locale);
      if (known === null) throw new Error('not a locale; expected a language tag, such as locale: "de-AT"');
      return known;
    },
    zone: () => (zone == null ? zoneOf(traits) : requireZone(typeof zone === 'string' ? zone : '')),
  };
}
