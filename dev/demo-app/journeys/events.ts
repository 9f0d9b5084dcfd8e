import { z } from 'zod';
import { event } from 'sojourn';

/** What people do in the app of the demo, beside what the catalogue of the shipped journeys has. */

// shop
export const shopOpened = event('Shop Opened', z.object({}), {});
export const basketLeft = event('Basket Left', z.object({ items: z.number().int().min(1) }), { items: 2 });
export const paymentFailed = event('Payment Failed', z.object({ orderId: z.string().optional() }), {
  orderId: 'A-1042',
});
export const courierAssigned = event(
  'Courier Assigned',
  z.object({ orderId: z.string().min(1), courier: z.string(), courierName: z.string().max(40) }),
  { orderId: 'A-1042', courier: 'demo-noor', courierName: 'Noor' },
);

// help
export const helpOpened = event('Help Opened', z.object({}), {});

// training
export const workoutFinished = event('Workout Finished', z.object({ minutes: z.number() }), { minutes: 30 });
export const weekPlanned = event('Week Planned', z.object({}), {});
export const classBooked = event('Class Booked', z.object({ class: z.string(), name: z.string() }), {
  class: 'yoga-1',
  name: 'Yoga for beginners',
});
export const lessonRead = event('Lesson Read', z.object({ lesson: z.string() }), { lesson: 'rest' });
export const courseFinished = event('Course Finished', z.object({ course: z.string() }), {
  course: 'Ten weeks to run',
});
export const timetableOpened = event('Timetable Opened', z.object({}), {});
