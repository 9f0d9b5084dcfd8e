/** The time in a trait of the user: a text in ISO 8601; as a time of the local calendar, hours and minutes such as `'07:30'`. */
export interface TraitTime {
  readonly trait: string;
}

/**
 * The time in a trait of the user. If the trait changes, what is timed by it changes with it.
 * @throws {TypeError} when there is no name
 */
export function trait(name: string): TraitTime {
  if (typeof name !== 'string' || name === '')
    throw new TypeError("Not a trait. Expected its name, such as 'trialEndsAt'.");
  return { trait: name };
}
