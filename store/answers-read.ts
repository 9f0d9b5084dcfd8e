/**
 * Which answers of steps templates read: the names of the steps, or true for any. The key is `journey/channel/template`, with `*` for
 * the journey of a shared template. A template that is missing reads none.
 */
export type AnswersRead = Readonly<Record<string, readonly string[] | true>>;
