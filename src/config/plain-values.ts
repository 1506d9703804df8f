import { resolve } from 'node:path';
import { seconds } from '../domain/time.ts';
import type { Duration } from '../domain/time.ts';
import { Refusal } from './key.ts';
import type { Origin } from './key.ts';

/** Reads a whole number in decimal digits, both limits included. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  const remedy = `Write a whole number from ${least} to ${most}`;
  return (text) => {
    if (!/^\d+$/u.test(text)) throw new Refusal('is not a whole number', remedy);
    const number = Number(text);
    if (number < least) throw new Refusal(`is less than ${least}`, remedy);
    if (number > most) throw new Refusal(`is more than ${most}`, remedy);
    return number;
  };
}

/** Reads a whole number of per cent, both limits included, as a part of one. */
export function percentage(least: number, most: number): (text: string) => number {
  const read = wholeNumber(least, most);
  return (text) => read(text) / 100;
}

/** Reads a length of time given as whole seconds, both limits included. */
export function wholeSeconds(least: number, most: number): (text: string) => Duration {
  const read = wholeNumber(least, most);
  return (text) => seconds(read(text));
}

/** Reads one of a few words, in any case. */
export function oneOf<Word extends string>(...words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((candidate) => candidate === text.toLowerCase());
    if (word !== undefined) return word;
    throw new Refusal('is not known', `Write one of ${words.join(', ')}`);
  };
}

/** Reads the path of a log file: a file that can be renamed, and not another name of standard output. */
export function logFilePath(text: string, origin: Origin): string {
  const path = filePath(text, origin);
  if (!/^\/(dev|proc|sys)\//u.test(path)) return path;
  throw new Refusal('is no place for a log file', 'Name a file on a disk');
}

/** Reads the path of a file that holds a secret; a secret put there by mistake is not taken for a path, so that no message shows it. */
export function secretFilePath(text: string, origin: Origin): string {
  if (isLikelySecret(text)) {
    throw new Refusal(
      'looks like the secret itself',
      'Name the file that holds it, or set it by the key without _file',
    );
  }
  return filePath(text, origin);
}

/** What a message may show of the path of a file that holds a secret. */
export function unlessSecret(text: string): string {
  return isLikelySecret(text) ? '(not shown)' : text;
}

/** A token, a JWK or a PEM: long without any sign of a path, or unmistakable. */
function isLikelySecret(text: string): boolean {
  return /^[\w-]{30,}$|^\{|-----BEGIN/u.test(text);
}

/** Reads the path of a file and makes it absolute. */
export function filePath(text: string, origin: Origin): string {
  if (text === '') throw new Refusal('is empty', 'Name a file');
  if (/[/\\]$/u.test(text)) throw new Refusal('names a folder', 'Name a file in that folder');
  return resolve(origin.folder, text);
}
