import { CaptureTag, Context, Liquid, filters } from 'liquidjs';
import { isStrftime } from './date-filters';
import { localFilter, type FilterHandler } from './filter-call';
import { LIMITS } from './limits';
import { LOCAL_FILTERS } from './local-filters';
import { RenderTag } from './render-tag';

/** `html` escapes the values of variables, `text` does not. */
export type Format = 'html' | 'text';

/** What is left of the limits for one message. */
export type Allowance = Pick<Context, 'memoryLimit' | 'renderLimit'>;

/** A filter that looks at each item of a list takes as long for one item as for this many characters. */
const ITEM_COST = 20;
/** These filters look at each item of a list. Between two items LiquidJS does not ask whether the time is up. */
const FILTERS_OF_ITEMS = [
  ...['where', 'where_exp', 'reject', 'reject_exp', 'group_by', 'group_by_exp', 'map', 'sum', 'sort', 'sort_natural'],
  ...['has', 'has_exp', 'find', 'find_exp', 'find_index', 'find_index_exp', 'uniq', 'sample'],
] as const;

/** `capture`, with the text that it keeps counted. LiquidJS counts what filters make. */
class CountedCapture extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    yield* super.render(context);
    context.memoryLimit.use(String(context.bottom()[this.variable]).length);
  }
}

/** These tags are gone when Liquid reads a text, but for those that stand in other tags. */
const COMPOSED = ['include', 'layout', 'block'];

function refused(tag: string): never {
  throw new Error(`write {% ${tag} %} as a tag of its own, not in {% liquid %}`);
}

function engine(format: Format): Liquid {
  const liquid = new Liquid({
    strictFilters: true,
    lenientIf: true,
    // Nothing is read from the file system.
    templates: {},
    // Formats such as "%H:%M" are in UTC and English unless a zone is given.
    timezoneOffset: 0,
    locale: 'en-US',
    ...LIMITS,
    ...(format === 'html' && { outputEscape: 'escape' as const }),
  });
  liquid.registerTag('capture', CountedCapture);
  liquid.registerTag('render', RenderTag);
  for (const name of COMPOSED) liquid.registerTag(name, { parse: () => refused(name), render: () => '' });
  for (const name of FILTERS_OF_ITEMS) {
    const filter = filters[name] as FilterHandler;
    liquid.registerFilter(name, function (list: unknown, ...args: unknown[]): unknown {
      if (Array.isArray(list)) this.context.memoryLimit.use(list.length * ITEM_COST);
      return filter.call(this, list, ...args) as unknown;
    });
  }
  for (const [name, filter] of Object.entries(LOCAL_FILTERS)) liquid.registerFilter(name, localFilter(name, filter));
  const [strftime, inStyle] = [filters['date'] as FilterHandler, liquid.filters['date'] as FilterHandler];
  liquid.registerFilter('date', function (value: unknown, ...args: unknown[]): unknown {
    return (isStrftime(args[0]) ? strftime : inStyle).call(this, value, ...args) as unknown;
  });
  return liquid;
}

/** The engines that render. */
export const ENGINES = { html: engine('html'), text: engine('text') } as const;

/** Reads a file by itself, before anything is put in its place, to find mistakes in it. */
export const READER = engine('text');
for (const name of [...COMPOSED, 'endblock', 'render']) READER.registerTag(name, { render: () => '' });

/** The full limits, for the texts of one message. The time begins to run. */
export function fullAllowance(): Allowance {
  return new Context({}, ENGINES.text.options);
}
