/**
 * Restate's SDK needs `Promise.withResolvers`, which Node.js has since version 22. The bench runs all sides on the same Node.js, so
 * this adds it to older ones.
 */
interface WithResolvers {
  withResolvers?: () => unknown;
}

(Promise as WithResolvers).withResolvers ??= () => {
  let [resolve, reject]: [unknown, unknown] = [undefined, undefined];
  const promise = new Promise((onResolve, onReject) => ([resolve, reject] = [onResolve, onReject]));
  return { promise, resolve, reject };
};
