import { down, ends, recovers, up } from './engine/cell.js';
import { faultSuite } from './engine/suite.js';

faultSuite({
  datastore: 'postgres',
  starting: {
    'not there': down('refused'),
    killed: down('refused'),
    suspended: down('timeout'),
    // A login takes four answers and so longer than HEALTH_CHECK_TIMEOUT; it goes on all the same.
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
    'not there': ends('nothing of PostgreSQL is left to be done'),
    killed: ends('nothing of PostgreSQL is left to be done'),
    suspended: ends('requests give up in time'),
    slow: ends('requests get their answers'),
    reset: ends('nothing of PostgreSQL is left to be done'),
    'wrong credentials': ends('nothing of PostgreSQL is left to be done'),
    restarted: ends('nothing of PostgreSQL is left to be done'),
  },
});
