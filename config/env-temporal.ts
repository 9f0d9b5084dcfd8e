import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { TemporalConfig } from './config';
import type { Rule } from './rule';

/** The path of a PEM file, replaced by its content. */
const pemFile = z.string().transform((path, context) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    context.addIssue({ code: 'custom', message: 'must be the path of a readable file' });
    return z.NEVER;
  }
});

/** The variables for the connection to Temporal. Temporal's own tools use the same names. */
export const temporalVariables = z.object({
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/:]+:\d+$/, 'must be like temporal.example.com:7233')
    .optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_API_KEY: z.string().optional(),
  TEMPORAL_TLS: z.stringbool('must be true or false').default(false),
  TEMPORAL_TLS_SERVER_NAME: z.string().optional(),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: pemFile.optional(),
  TEMPORAL_TLS_CLIENT_CERT_PATH: pemFile.optional(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: pemFile.optional(),
});

const NEEDS_ADDRESS = Object.keys(temporalVariables.shape).filter((name) => name !== 'TEMPORAL_ADDRESS');

/** The rules between these variables. */
export const temporalRules: readonly Rule[] = [
  ...NEEDS_ADDRESS.map((name): Rule => ({
    name,
    broken: (env) => env[name] !== undefined && env.TEMPORAL_ADDRESS === undefined,
    problem: 'requires TEMPORAL_ADDRESS',
  })),
  {
    name: 'TEMPORAL_TLS_CLIENT_KEY_PATH',
    broken: (env) =>
      (env.TEMPORAL_TLS_CLIENT_CERT_PATH === undefined) !== (env.TEMPORAL_TLS_CLIENT_KEY_PATH === undefined),
    problem: 'and TEMPORAL_TLS_CLIENT_CERT_PATH must be set together',
  },
];

/** Converts the variables to a configuration; null without an address. An API key or any TLS setting enables TLS. */
export function temporalConfig(env: z.infer<typeof temporalVariables>): TemporalConfig | null {
  if (env.TEMPORAL_ADDRESS === undefined) return null;
  const options = {
    serverName: env.TEMPORAL_TLS_SERVER_NAME,
    ca: env.TEMPORAL_TLS_SERVER_CA_CERT_PATH,
    cert: env.TEMPORAL_TLS_CLIENT_CERT_PATH,
    key: env.TEMPORAL_TLS_CLIENT_KEY_PATH,
  };
  const tls = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const apiKey = env.TEMPORAL_API_KEY ?? null;
  const encrypted = env.TEMPORAL_TLS || apiKey !== null || Object.keys(tls).length > 0;
  return { address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE, apiKey, tls: encrypted ? tls : null };
}
