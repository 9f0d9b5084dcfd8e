import { z } from 'zod';

const PAIRS: Readonly<Record<string, string>> = { '[': ']', '(': ')' };

/**
 * Finds the mistakes of selectors that are made by hand: brackets and quotes that are not closed, a combinator without its other
 * side, an id or class without a name, the block of a rule. Whether a browser knows a pseudo-class is not looked at.
 */
function isSelector(text: string): boolean {
  const open: string[] = [];
  let quote: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === '\\') at += 1;
    else if (quote !== null) quote = sign === quote ? null : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (PAIRS[sign] !== undefined) open.push(PAIRS[sign]);
    else if ((sign === ']' || sign === ')') && open.pop() !== sign) return false;
    else if (sign === '{' || sign === '}' || sign === ';') return false;
  }
  const bare = text.replace(/"[^"]*"|'[^']*'/g, '""');
  return (
    quote === null && open.length === 0 && !/^\s*[,>+~]|[,>+~]\s*(?:$|[,>+~])|[#.](?:$|[^\w\\-]|\d)|:\s*$/.test(bare)
  );
}

/** Schema of a CSS selector. */
export const selector = z.string().refine(isSelector, "must be a CSS selector, such as '#export'");
