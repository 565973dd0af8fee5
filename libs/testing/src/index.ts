export { cloneWithBuild, type CloneOptions } from './clone-with-build.js';
export { fakeClock, type FakeClock } from './fake-clock.js';
export { isRunning } from './is-running.js';
export { runProcess, type ProcessEnd, type ProcessOptions, type RunningProcess } from './run-process.js';
export { selfSignedCertificate, type Certificate } from './self-signed-certificate.js';
export { temporaryFolder, type TemporaryFolder } from './temporary-folder.js';
export { waitFor, type WaitOptions } from './wait-for.js';
export { failureOf, failuresOf } from './failures.js';
export { suspend } from './suspend.js';
