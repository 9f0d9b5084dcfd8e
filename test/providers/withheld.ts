/** A `confirm` that says no. */
export function withheld(): Promise<never> {
  return Promise.reject(Object.assign(new Error('not any more'), { code: 'WITHHELD' }));
}
