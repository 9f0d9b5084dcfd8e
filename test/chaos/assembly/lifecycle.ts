import { lifecycle } from 'sojourn';

export default lifecycle({ initial: 'new', rules: [] });
