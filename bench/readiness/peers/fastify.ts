// Raw Fastify whose readiness is one fixed text, of the length that an answer about three datastores has; with
// SECURITY_HEADERS=on it also sends what this program sends on each answer.
import fastify from 'fastify';

const up = { status: 'up' };
const datastores = { postgres: up, redis: up, influxdb: up };
const body = JSON.stringify({
  status: 'ok',
  phase: 'serving',
  info: datastores,
  error: {},
  details: datastores,
});

const securityHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const app = fastify();
if (process.env['SECURITY_HEADERS'] === 'on') {
  app.addHook('onRequest', (_request, reply, next) => {
    void reply.headers(securityHeaders);
    next();
  });
}
app.get('/api/v1/health/readiness', (_request, reply) => {
  void reply
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(body);
});
console.log(`listening on ${await app.listen({ host: '127.0.0.1', port: 0 })}`);
