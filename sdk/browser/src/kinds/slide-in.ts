import { buttons, picture, words } from './parts/content';
import { renderer } from './parts/frame';
import { CORNER, FLOATING } from './parts/styles';

/** A message in the lower corner, beside what the person does. A prompt is the same. */
export const slideIn = renderer({
  name: 'slide-in',
  css: FLOATING + CORNER,
  role: 'dialog',
  draw: ({ show, actions }, { content }) => show(picture(content), ...words(content), buttons(content, actions, true)),
});
