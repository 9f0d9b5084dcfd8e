import type { Renderer } from '../renderer';
import { buttons, picture, words } from './parts/content';
import { view } from './parts/frame';
import { CORNER, FLOATING } from './parts/styles';

/** A message in the lower corner, beside what the person does. A prompt is the same. */
export const slideIn: Renderer = (message, actions, results) =>
  view(
    {
      name: 'slide-in',
      css: FLOATING + CORNER,
      role: 'dialog',
      draw: ({ show }, { content }) => show(picture(content), ...words(content), buttons(content, actions, true)),
    },
    message,
    actions,
    results,
  );
