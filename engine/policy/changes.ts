import type { Policy } from './define';

/** What differs between two policies, one line for each limit, for people: `caps.email.day: 2 → 1`. */
export function policyChanges(before: Policy, after: Policy): string[] {
  const [old, now] = [limitsIn(before), limitsIn(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((limit) => {
    const [was, is] = [old.get(limit) ?? NONE, now.get(limit) ?? NONE];
    return was === is ? [] : `${limit}: ${was} → ${is}`;
  });
}

const NONE = 'none';

/** The limits by their place. Lists, such as quiet hours, are one limit. */
function limitsIn(policy: Policy): Map<string, string> {
  const limits = new Map<string, string>();
  const add = (place: string, value: unknown): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [name, one] of Object.entries(value)) add(place === '' ? name : `${place}.${name}`, one);
    else if (value !== undefined && value !== Infinity) limits.set(place, JSON.stringify(value));
  };
  add('', policy);
  return limits;
}
