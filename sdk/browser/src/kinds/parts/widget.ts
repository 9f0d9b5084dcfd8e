import type { Widget as WidgetOf } from '../../renderer';
import { dress, ShadowElement } from './element';

/** An element that an app puts in its own page. It tells the client when it is there. */
export class Widget extends ShadowElement implements WidgetOf {
  protected readonly root: ShadowRoot;
  show: WidgetOf['show'] = () => undefined;

  constructor(css: string) {
    super();
    this.root = dress(this, css);
    this.entered = () => this.dispatchEvent(new Event('sojourn-connect', { bubbles: true, composed: true }));
  }
}
