import { v5 } from 'uuid';

const NAMESPACE = '5d6c0a0e-3b6f-4f0e-9d0c-2f6a6f1c7b11';

/** A run's id: the same user entering the same journey by the same trigger is the same run, however often it is told. */
export function runId(userId: string, journey: string, key: string | null, triggerId: string): string {
  return v5(JSON.stringify([userId, journey, key, triggerId]), NAMESPACE);
}

/** A message's id: the same step of the same run is the same message. Serves as idempotency key at the providers. */
export function messageId(run: string, step: string): string {
  return v5(step, run);
}

/** A number in [0, 1) that depends only on its inputs, spread evenly: for experiments. */
export function fraction(...parts: readonly string[]): number {
  return parseInt(v5(JSON.stringify(parts), NAMESPACE).slice(0, 8), 16) / 2 ** 32;
}
