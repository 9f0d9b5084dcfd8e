import type { ReceiptKind } from '../../engine/model/message-receipt';
import { isMachineAgent } from '../machine';
import type { Receipt } from './source';

/** Of a receipt of what a machine did. */
export const BY_MACHINE = { machine: true, sign: 'request' } as const satisfies Partial<Receipt>;

/**
 * What the name of a browser says of an open or a click that a provider reports. Providers tell machines apart in part or not at all.
 * @param agent the name; undefined if the provider does not say
 */
export function byMachine(kind: ReceiptKind, agent: string | undefined): Partial<typeof BY_MACHINE> {
  const shown = kind === 'opened' || kind === 'clicked';
  return shown && agent !== undefined && isMachineAgent(agent) ? BY_MACHINE : {};
}
