export { adviceOf } from './capacity/capacity-row.js';
export { planWorkers, type WorkerPlan, type WorkerPlanInput } from './plan/worker-plan.js';
export { runInWorkers, type Serve } from './run-in-workers.js';
