import { runService } from '@app/bootstrap';
import { buildInfo } from './build-info.js';

const code = await runService({
  build: buildInfo(),
  load: async (context) => {
    // Nest and the datastore clients come only now, when the health endpoints answer already.
    const { loadApplication } = await import('./application.js');
    return loadApplication(context);
  },
});
process.exit(code);
