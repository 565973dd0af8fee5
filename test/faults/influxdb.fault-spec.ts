import { down, ends, givesUp, recovers, up } from './engine/cell.js';
import { faultSuite } from './engine/suite.js';

faultSuite({
  datastore: 'influxdb',
  starting: {
    'not there': down('refused'),
    killed: down('refused'),
    suspended: down('timeout'),
    slow: up,
    reset: down('refused'),
    'wrong credentials': down('authentication'),
    restarted: recovers,
  },
  serving: {
    'not there': down('refused'),
    killed: down('refused'),
    suspended: down('timeout'),
    slow: up,
    reset: down('refused'),
    'wrong credentials': down('authentication'),
    restarted: recovers,
  },
  'shutting down': {
    'not there': ends('trades wait in Redis for the next process'),
    killed: ends('trades wait in Redis for the next process'),
    suspended: givesUp('candles wait for InfluxDB for longer than their share of the time'),
    slow: ends('batches are written, if slowly'),
    reset: ends('trades wait in Redis for the next process'),
    'wrong credentials': ends('trades wait in Redis for the next process'),
    restarted: ends('trades are written, or wait in Redis'),
  },
});
