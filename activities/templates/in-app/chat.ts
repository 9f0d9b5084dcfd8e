import { z } from 'zod';
import { answerable } from './members';

/** What somebody says in a conversation, such as the question of a chatbot. */
export const chat = z.strictObject({ kind: z.literal('chat'), body: z.string(), ...answerable });
