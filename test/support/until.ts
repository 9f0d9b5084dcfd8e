export { until } from '../../dev/until';
