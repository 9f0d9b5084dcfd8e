import type { ForgetAt } from './forget-at';
import type { JsonObject } from './json';

/** An event as stored. */
export interface UserEvent {
  readonly id: string;
  readonly name: string;
  /** When it happened, epoch milliseconds. It is never later than `receivedAt`. */
  readonly at: number;
  /** When it was received, epoch milliseconds. */
  readonly receivedAt: number;
  readonly properties: JsonObject;
  /** Until when properties are kept. Absent or null if none is forgotten. */
  readonly forgetAt?: ForgetAt | null;
  /** False if it only happened to the user. Default: true, the user did it. */
  readonly active?: boolean;
  /** It was imported as history: it wakes nobody, and lets nobody enter. Default: false. */
  readonly history?: boolean;
  /** The engine has not seen it yet. */
  readonly pending: boolean;
}
