import type { ConfigSource } from '@app/config';
import type { Command } from 'commander';

/** Reads the environment of a command that connects. */
export type ReadSource = () => Promise<ConfigSource>;

/** Adds a command to the program. */
export type Register = (program: Command, readSource: ReadSource) => void;

/** Commands by their names, each loaded when it is called. */
export type Commands = Readonly<Record<string, () => Promise<Register>>>;
