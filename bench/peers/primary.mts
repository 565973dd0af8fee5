// An empty primary of node:cluster, which runs a module in so many workers: `primary.mjs WORKERS MODULE`. They share the
// ports that they listen on, round robin.
import cluster from 'node:cluster';

const [, , workers, module = ''] = process.argv;
if (cluster.isPrimary) {
  for (let worker = 0; worker < Number(workers); worker += 1) cluster.fork();
} else {
  // A program that has a supervisor of its own would take itself for a worker of that.
  Object.assign(cluster, { isWorker: false });
  await import(module);
}
