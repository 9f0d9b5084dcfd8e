import { event } from 'sojourn';
import { z } from 'zod';

export const mailWanted = event('Mail Wanted', z.object({}), {});
export const textWanted = event('Text Wanted', z.object({}), {});
