import { look } from '../settings';
import { addStyles } from './styles';

/** What an element of the SDK does when it enters and leaves the page. */
export interface Hooks {
  entered?: () => void;
  left?: () => void;
}

/** A custom element that tells when it enters and leaves the page. What it shows is in its shadow root. */
export class ShadowElement extends HTMLElement implements Hooks {
  entered?: () => void;
  left?: () => void;

  connectedCallback(): void {
    const { theme } = look;
    if (theme) this.style.colorScheme = theme;
    this.entered?.();
  }

  disconnectedCallback(): void {
    this.left?.();
  }
}

/** Defines an element. Another copy of the SDK on the page may have been first. */
export function define(tag: string, type: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, type);
}

/** Makes the element of a kind of message, with its styles. */
export function shadowElement(tag: string, css: string): { host: HTMLElement & Hooks; root: ShadowRoot } {
  // Each tag needs a class of its own.
  define(tag, class extends ShadowElement {});
  const host = document.createElement(tag) as HTMLElement & Hooks;
  return { host, root: dress(host, css) };
}

/** Gives an element its shadow root, with its styles. */
export function dress(host: HTMLElement, css: string): ShadowRoot {
  const root = host.attachShadow({ mode: 'open' });
  addStyles(root, css, look.nonce);
  return root;
}
