/** How deep a body may be nested, as for Jackson: while V8 parses, each level takes over a hundred bytes. */
export const maxDepth = 1_000;

/**
 * What the parts of a JSON text take, in bytes, from the parsing to the end of the request. Measured on Node 26.10 (which
 * does not compress pointers) with texts of 4 MB that are made of one part over and over, and with what V8 takes beside
 * the heap while it parses: it keeps each value on a stack of its own until it has the whole array or object.
 */
const weights = {
  /** With what is made of it: to take in 10,000 trades takes 760 bytes for each, and to reject one 300. */
  object: 500,
  array: 130,
  /** What comes after a comma. */
  element: 16,
  string: 24,
  /** A member of an object whose keys, in their order, have been seen before. */
  knownMember: 16,
  /** V8 makes a hidden class for each new order of keys, or a dictionary. */
  newMember: 160,
} as const;

type Part = keyof typeof weights;

/** So many orders of keys are remembered. V8 makes dictionaries after 1,536 that begin with different keys. */
const mostShapes = 1_000;
/** With more members than that V8 makes a dictionary, even where it knows their order. */
const mostKnownMembers = 64;

/** FNV-1a. A client who knew where it begins could send many orders of keys that pass for one. */
const hashing = { basis: Math.floor(Math.random() * 2 ** 32) | 0, prime: 0x01000193 } as const;

const [quote, comma, zero, nine, backslash] = [0x22, 0x2c, 0x30, 0x39, 0x5c];
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * The most that a JSON text takes in memory once it is parsed, in bytes, not counting its characters; undefined where it
 * is nested deeper than `maxDepth`. For a text that is no JSON it is that of the part before the mistake, or more.
 */
export function jsonWeight(text: Uint8Array): number | undefined {
  return new JsonScan(text).weight();
}

/** An array or object that has begun. */
interface Level {
  readonly isObject: boolean;
  /** A hash of the keys in their order. */
  shape: number;
  members: number;
}

class JsonScan {
  readonly #text: Uint8Array;
  readonly #outer: Level[] = [];
  readonly #shapes = new Set<number>();
  readonly #counts: Record<Part, number> = {
    object: 0,
    array: 0,
    element: 0,
    string: 0,
    knownMember: 0,
    newMember: 0,
  };
  #level: Level = { isObject: false, shape: 0, members: 0 };
  #keyIsNext = false;

  constructor(text: Uint8Array) {
    this.#text = text;
  }

  weight(): number | undefined {
    const text = this.#text;
    const end = text.length;
    for (let at = 0; at < end; at += 1) {
      const byte = text[at];
      if (byte === quote) at = this.#string(at + 1);
      else if (byte === comma) this.#comma();
      else if (byte === openObject || byte === openArray) {
        if (this.#outer.length === maxDepth) return undefined;
        this.#open(byte === openObject);
      } else if (byte === closeObject || byte === closeArray) this.#close();
    }
    const parts = Object.keys(weights) as Part[];
    return parts.reduce((sum, part) => sum + this.#counts[part] * weights[part], 0);
  }

  /** Returns the place of the quote at its end. */
  #string(start: number): number {
    this.#counts.string += 1;
    if (this.#keyIsNext) return this.#key(start);
    const text = this.#text;
    const end = text.length;
    let at = start;
    while (at < end && text[at] !== quote) at += text[at] === backslash ? 2 : 1;
    return at;
  }

  #key(start: number): number {
    const text = this.#text;
    const end = text.length;
    const level = this.#level;
    let hash = level.shape;
    let at = start;
    for (; at < end; at += 1) {
      const byte = text[at] ?? 0;
      if (byte === quote) break;
      if (byte === backslash) at += 1;
      hash = Math.imul(hash ^ byte, hashing.prime);
    }
    // A quote, which is in no key, parts it from the next.
    level.shape = Math.imul(hash ^ quote, hashing.prime);
    level.members += isIndex(text[start]) ? mostKnownMembers + 1 : 1;
    this.#counts.newMember += 1;
    this.#keyIsNext = false;
    return at;
  }

  #comma(): void {
    this.#counts.element += 1;
    this.#keyIsNext = this.#level.isObject;
  }

  #open(isObject: boolean): void {
    this.#outer.push(this.#level);
    this.#level = { isObject, shape: hashing.basis, members: 0 };
    this.#keyIsNext = isObject;
    this.#counts[isObject ? 'object' : 'array'] += 1;
  }

  #close(): void {
    const { shape, members } = this.#level;
    if (members > 0 && members <= mostKnownMembers) this.#remember(shape, members);
    this.#keyIsNext = false;
    this.#level = this.#outer.pop() ?? this.#level;
  }

  #remember(shape: number, members: number): void {
    if (this.#shapes.has(shape)) {
      this.#counts.newMember -= members;
      this.#counts.knownMember += members;
    } else if (this.#shapes.size < mostShapes) this.#shapes.add(shape);
  }
}

/** Members whose keys are numbers lie in a dictionary of each object. An escape may stand for a digit. */
function isIndex(first: number | undefined): boolean {
  return first !== undefined && ((first >= zero && first <= nine) || first === backslash);
}
