export { CapacityModule } from './capacity/capacity.module.js';
export { capacityReport, type CapacityReport } from './capacity/capacity-report.js';
export { capacityErrors } from './capacity/capacity.errors.js';
export {
  type CapacityResource,
  type CapacityRow,
  type CapacityVerdict,
  type Remedy,
} from './capacity/capacity-row.js';
export { demandOf, type Demand } from './capacity/worker-demand.js';
