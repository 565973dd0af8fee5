import { down, ends, recovers, up } from './engine/cell.js';
import { faultSuite } from './engine/suite.js';

faultSuite({
  datastore: 'redis',
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
    'not there': ends('the shards are taken over without being handed over'),
    killed: ends('the shards are taken over without being handed over'),
    suspended: ends('commands give up in time, and the shards are taken over'),
    slow: ends('the shards are handed over, if slowly'),
    reset: ends('the shards are taken over without being handed over'),
    'wrong credentials': ends('the shards are taken over without being handed over'),
    restarted: ends('the shards are handed over, or taken over'),
  },
});
