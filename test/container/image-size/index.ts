export { addedMegabytes } from './added-size.ts';
export { buildUsualImage } from './usual-image.ts';

/** What is asserted of the image, and printed beside what the bench measures. */
export const sizeLimits = { megabytes: 20, ofTheUsual: 0.15 } as const;
