import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { Logger } from 'pino';
import { JOURNEYS, STAGE } from '../workflows/search-attributes';

const { INDEXED_VALUE_TYPE_KEYWORD, INDEXED_VALUE_TYPE_KEYWORD_LIST } = temporal.api.enums.v1.IndexedValueType;
const WANTED = { [STAGE.name]: INDEXED_VALUE_TYPE_KEYWORD, [JOURNEYS.name]: INDEXED_VALUE_TYPE_KEYWORD_LIST };

/**
 * Registers the search attributes that are missing. Temporal refuses to start a lifecycle without them.
 * @throws {Error} when Temporal can't be reached or does not allow it
 */
export async function ensureSearchAttributes(client: Client): Promise<void> {
  const { operatorService } = client.connection;
  const { namespace } = client.options;
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(WANTED).filter(([name]) => !(name in customAttributes));
  if (missing.length > 0)
    await operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing) });
}

/** Registers the search attributes at startup. Where Temporal does not allow it (Temporal Cloud), the log says what to do. Never throws. */
export async function registerSearchAttributes(client: Client, log: Logger): Promise<void> {
  try {
    await ensureSearchAttributes(client);
  } catch (error) {
    log.warn(
      { err: error },
      `could not register the search attributes ${Object.keys(WANTED).join(', ')}; add them to the namespace by hand (Keyword, KeywordList)`,
    );
  }
}
