export { default } from '../../../../examples/own-channels/line';
