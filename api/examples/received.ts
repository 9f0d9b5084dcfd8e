/** What became of one call. */
export const RECEIVED = {
  accepted: 1,
  duplicates: 0,
  rejected: [],
  rejectedCount: 0,
  warnings: [],
  warningCount: 0,
};
