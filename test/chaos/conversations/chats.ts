import { chats } from 'sojourn';

export default chats({ delivery: { roles: { customer: { label: 'Customer' }, courier: { label: 'Courier' } } } });
