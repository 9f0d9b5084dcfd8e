/** The addresses of a Restate server. */
export interface RestateAddresses {
  readonly ingress: string;
  readonly admin: string;
}

/** Reads the addresses from the environment that the harness gives to the processes of the side. */
export function addressesOf(env: NodeJS.ProcessEnv): RestateAddresses {
  return { ingress: env['RESTATE_INGRESS'] ?? '', admin: env['RESTATE_ADMIN'] ?? '' };
}
