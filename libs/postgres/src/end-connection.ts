import type { Client } from 'pg';

const goodbyeMs = 500;

/** Says goodbye, and destroys the socket where the server does not close it within half a second. */
export async function endConnection(client: Client): Promise<void> {
  const timer = setTimeout(() => client.connection.stream.destroy(), goodbyeMs);
  await client.end();
  clearTimeout(timer);
}
