import type { JsonObject } from '../model/json';
import { fromContext, readTimeOfDay, zoneNamed, type LocalWindow } from '../model/zone';
import type { Policy } from './define';

/** What the policy reads of a user's traits. */
export interface PersonalFacts {
  readonly zone: string;
  /** ISO 3166, two capital letters; null when it is not known. */
  readonly country: string | null;
  /** When the user does not want to be disturbed. */
  readonly doNotDisturb: readonly LocalWindow[];
}

/**
 * What the policy reads of a user's traits:
 * - the zone: that of the user, else that of the country, else that of the company, else UTC;
 * - the country: the trait `country`, or that of Segment's trait `address`, as an ISO 3166 code of two letters;
 * - the trait `doNotDisturb`: `{ from: '13:00', to: '15:00' }`, or several of these. Weekdays, if there are any, are numbers.
 *
 * A trait comes from apps, so one that can't be read counts as missing.
 */
export function personalFacts({ zone, zones = {} }: Policy, traits: JsonObject): PersonalFacts {
  const country = countryOf(traits);
  const ofCountry = country === null ? undefined : zones[country];
  return { zone: zoneNamed(traits) ?? ofCountry ?? zone ?? 'utc', country, doNotDisturb: doNotDisturb(traits) };
}

function countryOf(traits: JsonObject): string | null {
  const { address } = traits;
  const inAddress = typeof address === 'object' && address !== null && !Array.isArray(address) ? address : {};
  const named = traits['country'] ?? inAddress['country'] ?? fromContext(traits)['country'];
  return typeof named === 'string' && /^[a-z]{2}$/i.test(named) ? named.toUpperCase() : null;
}

/** More windows than a day has hours say nothing more. */
const MOST_WINDOWS = 24;

function doNotDisturb({ doNotDisturb: said }: JsonObject): readonly LocalWindow[] {
  return [said ?? []].flat().slice(0, MOST_WINDOWS).flatMap(windowOf);
}

function windowOf(value: unknown): readonly LocalWindow[] {
  if (typeof value !== 'object' || value === null || !('from' in value && 'to' in value)) return [];
  const { from, to } = value;
  if (!isTime(from) || !isTime(to) || from === to) return [];
  const weekdays = 'weekdays' in value && Array.isArray(value.weekdays) ? (value.weekdays as readonly unknown[]) : null;
  return [{ from, to, ...(weekdays && { weekdays: weekdays.filter(isWeekday) }) }];
}

function isTime(value: unknown): value is LocalWindow['from'] {
  return typeof value === 'string' && readTimeOfDay(value) !== null;
}

function isWeekday(value: unknown): value is NonNullable<LocalWindow['weekdays']>[number] {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 7;
}
