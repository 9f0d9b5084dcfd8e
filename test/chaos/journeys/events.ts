import { z } from 'zod';
import { event } from 'sojourn';

export const letterAsked = event('Letter Asked', z.object({}), {});
export const letterRead = event('Letter Read', z.object({}), {});
export const accountClosed = event('Account Closed', z.object({}), {});
