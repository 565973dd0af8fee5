import { fileURLToPath } from 'node:url';

/** The folder of the checkout. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Downloads and the parts of stand-in images; the ignored folder keeps them for the next run. */
export const cacheFolder = fileURLToPath(new URL('../../../.dev-data/container', import.meta.url));
