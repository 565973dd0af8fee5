import { letProbesIn } from '@app/bootstrap';

/** The large packages of the application, those first that others need. */
const packages: readonly (() => Promise<unknown>)[] = [
  () => import('reflect-metadata'),
  () => import('@nestjs/common'),
  () => import('@nestjs/core'),
  () => import('fastify'),
  () => import('@nestjs/platform-fastify'),
  () => import('pg'),
  () => import('typeorm'),
  () => import('@nestjs/typeorm'),
  () => import('ioredis'),
  () => import('@influxdata/influxdb-client'),
  () => import('@nestjs/jwt'),
  () => import('@nestjs/terminus'),
  () => import('prom-client'),
];

/** Loads them one by one, so that a probe which comes meanwhile waits for one of them and not for all. */
export async function loadPackages(): Promise<void> {
  for (const load of packages) {
    await load();
    await letProbesIn();
  }
}
