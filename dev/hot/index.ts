export { asker } from './ask';
export { followEdits } from './follow-edits';
export { JourneySource } from './load';
export { readFirst } from './read-first';
export { TypeCheck } from './type-check';
