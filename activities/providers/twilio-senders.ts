import { isCountry, countryOfNumber } from '../../engine/model/phone';
import { getOwn } from '../../engine/model/own-property';

/** The senders of messages: a default one, and others by the country of the recipient. */
export interface Senders {
  readonly others: string;
  readonly byCountry: Readonly<Record<string, string>>;
}

/**
 * Reads senders as the setting `from` has them: one that goes for all, and others by country, such as
 * `+15550006666, DE=Sojourn, FR=MG0123456789abcdef0123456789abcdef`. Each is a number, the id of a messaging service, or a name.
 * @throws {TypeError} when it has no sender for all, or names no country
 */
export function sendersIn(from: string): Senders {
  const byCountry: Record<string, string> = {};
  const others: string[] = [];
  for (const part of from.split(',').map((one) => one.trim())) {
    const [, country, sender] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    if (country === undefined || sender === undefined) others.push(part);
    else if (isCountry(country.trim())) byCountry[country.trim()] = sender.trim();
    else throw new TypeError(`from: '${country.trim()}' is no country; expected an ISO 3166-1 code such as DE`);
  }
  const [only] = others;
  if (others.length !== 1 || !only)
    throw new TypeError(
      `from: expected one sender for all, and others by country: '+15550006666, DE=Sojourn'; got '${from}'`,
    );
  return { others: only, byCountry };
}

/** The sender for a recipient. */
export function senderFor({ others, byCountry }: Senders, to: string): string {
  return getOwn(byCountry, countryOfNumber(to) ?? '') ?? others;
}
