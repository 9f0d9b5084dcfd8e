import { date, time, weekday } from './date-filters';
import type { LocalFilter } from './filter-call';
import { listFormat, numberFormat } from './locale';

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
/** An amount as text: `12.50`. More digits are no amount of money. */
const DECIMAL = /^[+-]?\d{1,30}(\.\d{1,30})?$/;
/** The most digits behind the point that can be asked for. */
const MOST_DIGITS = 20;
/** The most items of a list in a sentence. Intl takes a fraction of a millisecond for them, and for 20,000 longer than a message may. */
const MOST_ITEMS = 1_000;

/** `{{ data.total | money: "EUR" }}`. The amount is in major units, or with `minor: true` in minor ones, such as cents. */
const money: LocalFilter = {
  options: ['minor', 'locale'],
  format(value, { first, options, locale }) {
    const currency = typeof first === 'string' ? first.toUpperCase() : '';
    if (!CURRENCIES.has(currency))
      throw new Error('not a currency; write a code of three letters, such as money: "EUR"');
    const format = numberFormat(locale(), { style: 'currency', currency });
    const { maximumFractionDigits: digits = 2 } = format.resolvedOptions();
    return format.format(decimal(value, options['minor'] === true ? digits : 0));
  },
};

/** `{{ data.count | number }}`, or with two digits behind the point `{{ data.ratio | number: 2 }}`. */
const number: LocalFilter = {
  options: ['locale'],
  format(value, { first, locale }) {
    if (first == null) return numberFormat(locale(), {}).format(decimal(value));
    if (!Number.isInteger(first) || Number(first) < 0 || Number(first) > MOST_DIGITS)
      throw new Error(`write how many digits stand behind the point, 0 to ${MOST_DIGITS}, such as number: 2`);
    const digits = { minimumFractionDigits: Number(first), maximumFractionDigits: Number(first) };
    return numberFormat(locale(), digits).format(decimal(value));
  },
};

/** `{{ data.names | list }}` is `Ada, Bob and Eve`, and with `list: "or"` `Ada, Bob or Eve`. */
const list: LocalFilter = {
  options: ['locale'],
  format(value, { first = 'and', locale }) {
    if (first !== 'and' && first !== 'or') throw new Error('write list, list: "and" or list: "or"');
    if (!Array.isArray(value)) throw new Error('not a list');
    if (value.length > MOST_ITEMS) throw new Error(`the list has more than ${MOST_ITEMS} items`);
    const items = value.map((item: unknown) => {
      if (typeof item === 'string' || typeof item === 'number') return String(item);
      throw new Error('not a list of texts; choose a field of its items first, such as map: "name" | list');
    });
    return listFormat(locale(), { type: first === 'and' ? 'conjunction' : 'disjunction' }).format(items);
  },
};

/** The filters that write for the person, by their names. */
export const LOCAL_FILTERS: Readonly<Record<string, LocalFilter>> = { money, number, list, date, time, weekday };

/**
 * An amount that Intl takes as it is: the text of a decimal loses no digit.
 * @param shift how many digits of it stand behind the point
 * @throws {Error} when it is none; the message does not repeat it
 */
function decimal(value: unknown, shift = 0): number | `${number}` {
  if (typeof value === 'number' && Number.isFinite(value)) return value / 10 ** shift;
  if (typeof value === 'string' && DECIMAL.test(value)) return `${value}e-${shift}` as `${number}`;
  throw new Error('not an amount; expected a number, or a decimal text such as "12.50"');
}
