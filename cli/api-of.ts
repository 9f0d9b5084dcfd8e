import { readEnvironment } from '../config/env';
import type { Api } from './import/api';

/** The options of a command that asks the API. */
export interface ApiOptions {
  readonly url?: string;
  readonly key?: string;
}

/**
 * The API that the options name, or else the environment.
 * @param keys the keys that the command can do with
 * @throws {Error} when there is no key, or the address is none
 */
export function apiOf({ url, key }: ApiOptions, keys: 'admin' | 'admin or write'): Omit<Api, 'say'> {
  const { publicUrl, adminKey, writeKey } = readEnvironment(process.env);
  const given = key ?? adminKey ?? (keys === 'admin' ? null : writeKey);
  if (given === null) throw new Error('No key found. Set ADMIN_KEY, or give one with --key.');
  const address = (url ?? publicUrl ?? 'http://localhost:3000').replace(/\/+$/, '');
  if (!/^https?:\/\//.test(address) || !URL.canParse(address))
    throw new Error(`'${address}' is no address of an API. Expected one such as https://journeys.example.com.`);
  return { url: address, key: given };
}
