import type { Config } from '../../config/config';
import { readConfig } from '../../config/env';

/** The configuration of our processes; in the bench time may run fast on a database that is not embedded. */
export function benchConfig(): Config {
  return { ...readConfig(process.env), speed: Number(process.env['BENCH_SPEED'] ?? 1) };
}
