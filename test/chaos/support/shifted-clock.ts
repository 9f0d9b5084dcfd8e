const MachineDate = Date;

/**
 * Makes the clock of this process run ahead, as if its machine's clock had been set wrong.
 * @returns a function that sets it right
 */
export function shiftClock(aheadMs: number): () => void {
  class ShiftedDate extends MachineDate {
    constructor(...given: [] | [number]) {
      if (given.length === 0) super(ShiftedDate.now());
      else super(...given);
    }

    static override now(): number {
      return MachineDate.now() + aheadMs;
    }
  }
  globalThis.Date = ShiftedDate as DateConstructor;
  return () => {
    globalThis.Date = MachineDate;
  };
}
