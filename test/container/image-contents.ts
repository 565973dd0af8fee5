// What may lie in the image's own layers and what may lie nowhere in it, as patterns of paths.

/** The bundle; its chunks are named after what they hold. */
export const programFiles: readonly RegExp[] = [
  /^app\/(?:backend|db-init|cli)\.js(?:\.map)?$/,
  /^app\/bin\/[a-z-]+$/,
  /^app\/chunks\/[\w.-]+\.js(?:\.map)?$/,
  /^app\/package\.json$/,
];

/**
 * What the packages ca-certificates and tzdata bring, with openssl and a newer one of its library than the base has,
 * and what the user's account is written in.
 */
export const installedSystem: readonly RegExp[] = [
  /^etc\/(?:passwd|group|shadow|gshadow|subuid|subgid|\.pwd\.lock)$/,
  /^etc\/(?:ssl\/(?:openssl\.cnf|certs\/[^/]+)|ca-certificates\.conf|localtime|timezone)$/,
  /^usr\/share\/ca-certificates\/mozilla\/[^/]+\.crt$/,
  /^usr\/share\/zoneinfo\//,
  /^usr\/(?:bin\/(?:openssl|c_rehash|tini|tini-static)|sbin\/update-ca-certificates)$/,
  /^usr\/lib\/ssl\/(?:certs|private|cert\.pem|openssl\.cnf|misc\/(?:CA\.pl|tsget(?:\.pl)?))$/,
  /^usr\/lib\/[\w-]+\/(?:lib(?:ssl|crypto)\.so\.3|(?:ossl-modules|engines-3)\/\w+\.so)$/,
  /^(?:etc\/ld\.so\.cache|var\/cache\/ldconfig\/aux-cache)$/,
  /^usr\/share\/doc\/(?:ca-certificates|openssl[\w-]*|libssl3\w*|tini|tzdata)\//,
  // The records of the package system, as the base has them: scanners read in them what is installed.
  /^var\/lib\/dpkg\/(?:status|lock|lock-frontend|triggers\/[^/]+)$/,
  /^var\/lib\/dpkg\/info\/(?:ca-certificates|openssl[\w-]*|libssl3[\w:]*|tini|tzdata)\.[a-z0-9]+$/,
  /^var\/lib\/apt\/extended_states$/,
  /^var\/cache\/debconf\/(?:config|passwords|templates)\.dat$/,
];

/** The marks of what a layer takes away from the one below. */
export const removed: readonly RegExp[] = [/(?:^|\/)\.wh\.[^/]+$/];

/** What must be nowhere, in the base's layers or above: tools that build, what they build from, what they leave. */
export const unwanted: readonly RegExp[] = [
  /\/(?:npm|npx|corepack|yarn|yarnpkg|pnpm|pip3?)$/,
  /\/node_modules\//,
  /\/bin\/(?:[\w-]*-)?(?:gcc|g\+\+|cc|c\+\+|cpp|clang|tcc|ld|as|make|cmake|python[\d.]*|tsc|nest)(?:-[\d.]+)?$/,
  /\/include\/.+\.h$/,
  /\.(?:ts|mts|cts|tsx)$/,
  /\.(?:spec|test|fixture)\./,
  /\/(?:package-lock\.json|\.npmrc|\.env[^/]*|\.git\/.*|tsconfig\.json)$/,
  /^\/var\/lib\/apt\/lists\/.+/,
  /^\/var\/cache\/apt\/.+/,
  /\/\.(?:npm|cache)\//,
  /^\/(?:tmp|var\/tmp|root\/\.[^/]*cache)\/.+/,
];
