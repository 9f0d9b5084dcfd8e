import { z } from 'zod';
import { event } from '../../../engine';

export const signedUp = event('Signed Up', z.object({}), {});
export const accountDeleted = event('Account Deleted', z.object({}), {});
export const projectCreated = event('Project Created', z.object({}), {});
export const orderPlaced = event('Order Placed', z.object({ orderId: z.string() }), { orderId: 'o-1' });
export const orderReady = event('Order Ready', z.object({ orderId: z.string() }), { orderId: 'o-1' });
export const courseStarted = event('Course Started', z.object({}), {});
export const lessonDone = event('Lesson Done', z.object({}), {});
export const surveyOpened = event('Survey Opened', z.object({}), {});

/** The events that journeys made of data may name. */
export const CATALOGUE = new Map(
  [signedUp, accountDeleted, projectCreated, orderPlaced, orderReady, courseStarted, lessonDone, surveyOpened].map(
    (one) => [one.name, one],
  ),
);
