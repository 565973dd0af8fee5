/**
 * Headers of each answer. Nothing that the API sends is a page, so nothing may be loaded, framed or sniffed from it;
 * a route that does send a page sets its own Content-Security-Policy.
 * Source: the OWASP REST Security Cheat Sheet, section "Security Headers".
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};
