/** What `docker inspect` tells of a container that is bounded and has no privileges. */
const hardened = {
  CapAdd: null,
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges:true'],
  LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
};

/** The host settings of the datastores. */
export const hardenedServer = { ...hardened, PidsLimit: 300 };

/** The host settings of the backend and of db-init in production. */
export const hardenedProgram = {
  ...hardened,
  ReadonlyRootfs: true,
  Tmpfs: { '/tmp': 'size=64m,mode=1777' },
  PidsLimit: 200,
  NanoCpus: 500_000_000,
};

/** `/proc/1/status` of a process that is not root, has no capability and gets none. */
export const unprivilegedStatus = /^Uid:\t([1-9]\d*)\t\1\t\1\t\1$[^]*^CapEff:\t0+$[^]*^NoNewPrivs:\t1$/m;
