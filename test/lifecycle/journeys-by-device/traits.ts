export default { lineId: 'U4af4980629' };
