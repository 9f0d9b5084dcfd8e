import { resolve } from 'node:path';
import { readEnvironment } from '../config/env';
import { runningDatabase } from '../dev/postgres';
import { openDatabase, UNLIMITED, type Database } from '../store/database';

/**
 * Opens the database of this installation: the one in DATABASE_URL, or the embedded one if `npm start` is running in this folder.
 * @throws {Error} when DATABASE_URL is not set and no embedded database is running
 */
export function openInstallation(): Database {
  const url = readEnvironment(process.env).databaseUrl ?? runningDatabase(resolve('.sojourn'));
  if (url === null) throw new Error('No database found. Set DATABASE_URL, or run npm start in this folder.');
  return openDatabase(url, 'sojourn-cli', UNLIMITED);
}
