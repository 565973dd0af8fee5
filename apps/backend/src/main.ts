// Before anything is imported: without a listener a signal counts as a crash, and process 1 does not even notice it.
// Whoever heeds the signals later has a listener of its own.
const endUnlessHeeded = (signal: NodeJS.Signals): void => {
  if (process.listenerCount(signal) === 1) process.exit(0);
};
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, endUnlessHeeded);

const { run } = await import('./run.js');
process.exit(await run());
