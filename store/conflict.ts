import { DatabaseError } from 'pg';

/** serialization_failure and deadlock_detected: the transaction was rolled back and may succeed when it is repeated. */
const TRANSIENT = new Set(['40001', '40P01']);
/** A transaction that locks hundreds of users may lose several times in a row. */
const ATTEMPTS = 10;

/**
 * Runs a transaction, and repeats it when it loses against a concurrent one.
 * @throws the last error, when all attempts lost; any other error at once
 */
export async function retryOnConflict<Result>(transaction: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      const transient = error instanceof DatabaseError && TRANSIENT.has(error.code ?? '');
      if (!transient || attempt === ATTEMPTS) throw error;
    }
  }
}
