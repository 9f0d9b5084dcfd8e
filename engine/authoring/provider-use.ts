/** A value that a provider needs: as it is, or the name of the environment variable that holds it. Secrets belong in the environment. */
export type Setting = string | { readonly env: string };

/** A setting of a provider, and what holds if it is not given. */
export interface DeclaredSetting {
  /** The environment variable that is read by default. */
  readonly env: string;
  /** The value if the variable is not set. Default: the variable must be set. */
  readonly otherwise?: string | null;
}

/** How messages are shared among the providers of a channel. */
export interface ProviderOptions {
  /** Its name in metrics and the timeline. Default: the type, such as `smtp`. Two providers of a channel need different names. */
  readonly name?: string;
  /**
   * Its share of the messages, in proportion to the weights of the others. With 0 it gets messages only while the others can't take
   * them. Default: 1.
   */
  readonly weight?: number;
}

/** A provider as a channel uses it. It is plain data: what it names is read from the environment only where messages are sent. */
export interface ProviderUse<Channel extends string = string> {
  readonly kind: 'provider';
  readonly channel: Channel;
  /** The type, by which its code is found: see `activities/providers/index.ts`. */
  readonly type: string;
  readonly name: string;
  readonly weight: number;
  readonly settings: Readonly<Record<string, { readonly from: Setting; readonly otherwise?: string | null }>>;
}

/** The longest name of a provider. It is a label of metrics. */
const LONGEST_NAME = 50;

/**
 * Declares a type of provider, and returns the function that authors call: `smtp({ url: { env: 'RELAY_URL' }, weight: 3 })`.
 * @param settings by name, with the environment variable that each is read from by default
 */
export function providerType<Channel extends string, Name extends string>(
  channel: Channel,
  type: string,
  settings: Readonly<Record<Name, DeclaredSetting>>,
): (options?: ProviderOptions & { readonly [Key in Name]?: Setting }) => ProviderUse<Channel> {
  const declared = Object.entries(settings) as [Name, DeclaredSetting][];
  return (options = {}) => {
    const { name = type, weight = 1 } = options;
    if (!/^[a-zA-Z][\w-]*$/.test(name) || name.length > LONGEST_NAME)
      throw new TypeError(`${type}: not a name of a provider: '${name}'. Expected letters, digits and hyphens.`);
    if (!Number.isFinite(weight) || weight < 0)
      throw new TypeError(`${type}: weight must be a number of 0 or more, but is ${weight}`);
    const given: { readonly [Key in Name]?: Setting } = options;
    return {
      kind: 'provider',
      channel,
      type,
      name,
      weight,
      settings: Object.fromEntries(
        declared.map(([key, { env, otherwise }]) => [
          key,
          { from: given[key] ?? { env }, ...(otherwise !== undefined && { otherwise }) },
        ]),
      ),
    };
  };
}
