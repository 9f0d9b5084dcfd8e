/** Keeps what is slow to make, for the latest keys. People's data has a part in the keys, so there must be a bound. */
export class Recent<Value> {
  private readonly kept = new Map<string, Value>();

  /** @param most the most values that are kept */
  constructor(private readonly most: number) {}

  /** The value of a key. The oldest one gives way to a new one. */
  get(key: string, make: () => Value): Value {
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const made = make();
    const [oldest] = this.kept.keys();
    if (oldest !== undefined && this.kept.size >= this.most) this.kept.delete(oldest);
    this.kept.set(key, made);
    return made;
  }
}
