/** What keeps text across restarts: `localStorage`, or `AsyncStorage` of React Native. */
export interface KeyValueStorage {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): unknown;
}

/** Keeps text as long as the process runs. */
export function memoryStorage(): KeyValueStorage {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}

/** Reads JSON; undefined if there is none that can be read. */
export async function load(storage: KeyValueStorage, key: string): Promise<unknown> {
  try {
    return JSON.parse((await storage.getItem(key)) ?? '') as unknown;
  } catch {
    return undefined;
  }
}

/** Writes JSON. A storage that is full or forbidden costs what is kept across a restart, and nothing else. */
export async function save(storage: KeyValueStorage, key: string, value: unknown): Promise<void> {
  try {
    // At once where the storage can, so that a page that is left at this moment has it.
    await storage.setItem(key, JSON.stringify(value));
  } catch {
    // As said above.
  }
}
