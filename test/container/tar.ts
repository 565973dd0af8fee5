const block = 512;

/** What a tar archive says of one path. */
export interface TarEntry {
  /** Without a slash at the end. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link' | 'other';
  /** The permission bits, with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly content: Buffer;
}

const types: Readonly<Record<string, TarEntry['type']>> = {
  '\0': 'file',
  '0': 'file',
  '1': 'link',
  '2': 'link',
  '5': 'directory',
};

/** Reads an archive as engines write them: ustar, with the long names of pax and of GNU. */
export function readTar(archive: Buffer): readonly TarEntry[] {
  const entries: TarEntry[] = [];
  let longName: string | undefined;
  for (let at = 0; at + block <= archive.length && archive[at] !== 0;) {
    const header = archive.subarray(at, at + block);
    const size = number(header, 124, 12);
    const content = archive.subarray(at + block, at + block + size);
    at += block + Math.ceil(size / block) * block;
    const type = header.toString('latin1', 156, 157);
    if (type === 'x') longName = paxPath(content) ?? longName;
    else if (type === 'L') longName = text(content);
    else if (type !== 'g' && type !== 'K') {
      entries.push({
        path: (longName ?? ustarName(header)).replace(/^\.?\//, '').replace(/\/$/, ''),
        type: types[type] ?? 'other',
        mode: number(header, 100, 8),
        uid: number(header, 108, 8),
        gid: number(header, 116, 8),
        content,
      });
      longName = undefined;
    }
  }
  return entries;
}

function ustarName(header: Buffer): string {
  const name = text(header.subarray(0, 100));
  const prefix = text(header.subarray(345, 500));
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** A record is its own length, a space, `key=value`, a newline. */
function paxPath(records: Buffer): string | undefined {
  return /(?:^|\n)\d+ path=(?<path>.*)\n/.exec(records.toString())?.groups?.['path'];
}

function text(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

function number(header: Buffer, at: number, length: number): number {
  const field = header
    .toString('latin1', at, at + length)
    .replaceAll('\0', ' ')
    .trim();
  if (!/^[0-7]+$/.test(field)) throw new Error(`A number in a tar header is no octal one: ${field}`);
  return Number.parseInt(field, 8);
}
