import { resolve } from 'node:path';
import { readEnvironment } from '../config/env';
import { runningDatabase } from '../dev/postgres';
import { openDatabase, type Database } from '../store/database';

/**
 * Opens the database the journeys run on: that of DATABASE_URL, otherwise the embedded one that `npm start` has running here.
 * @throws {Error} where there is neither
 */
export function openInstallation(): Database {
  const url = readEnvironment(process.env).databaseUrl ?? runningDatabase(resolve('.sojourn'));
  if (url === null)
    throw new Error('No database: set DATABASE_URL, or start the embedded one with npm start in this folder.');
  return openDatabase(url, 'sojourn-cli');
}
