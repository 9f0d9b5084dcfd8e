/** A text in which every number reads the same, as the steps of a loop: their names differ in the round. */
export function numberless(text: string): string {
  return text.replace(/\d+/g, '#');
}
