import { letProbesIn, runService } from '@app/bootstrap';
import { buildInfo } from './build-info.js';
import { loadPackages } from './packages.js';

const code = await runService({
  build: buildInfo(),
  load: async (context) => {
    // Nest and the datastore clients come only now, when the health endpoints answer already.
    await loadPackages();
    const { loadApplication } = await import('./application.js');
    await letProbesIn();
    return loadApplication(context);
  },
});
process.exit(code);
