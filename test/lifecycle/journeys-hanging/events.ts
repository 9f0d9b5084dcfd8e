import { event } from 'sojourn';

export const mailWanted = event('Mail Wanted');
export const textWanted = event('Text Wanted');
