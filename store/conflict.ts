import { DatabaseError } from 'pg';

/** serialization_failure and deadlock_detected: the transaction did nothing, and may well succeed when tried again. */
const TRANSIENT = new Set(['40001', '40P01']);
/** Each time somebody else has got ahead; many may, where hundreds of users are taken at once. */
const ATTEMPTS = 10;

/** Does a transaction, again when it lost against another one. */
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
