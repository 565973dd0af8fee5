import type { ImageNames } from './engine.ts';

export type ImageVariable = keyof ImageNames;

/** The images that production is built on and runs; the Compose files have the same ones as defaults. */
export const realImages: ImageNames = {
  NODE_IMAGE: 'node:26-trixie-slim',
  POSTGRES_IMAGE: 'postgres:17',
  REDIS_IMAGE: 'redis:8',
  INFLUXDB_IMAGE: 'influxdb:1.11',
  HAPROXY_IMAGE: 'haproxy:3.0',
};

/** What stands in for them where they cannot be pulled; never under a real image's name. */
export const standInImages: ImageNames = {
  NODE_IMAGE: 'stand-in/node:26-trixie-slim',
  POSTGRES_IMAGE: 'stand-in/postgres:17',
  REDIS_IMAGE: 'stand-in/redis:8',
  INFLUXDB_IMAGE: 'stand-in/influxdb:1.6',
  HAPROXY_IMAGE: 'stand-in/haproxy:3.0',
};

export const imageVariables = Object.keys(realImages) as ImageVariable[];
