export { InfluxdbModule } from './influxdb.module.js';
