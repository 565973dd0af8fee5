/**
 * The SECRET_KEY of development, which anyone can read here and in `.env.development`. It is refused in
 * production, and wherever HOST lets other machines in.
 */
export const developmentSecretKey = 'development-only-key-0123456789-abcdefghijkl';
