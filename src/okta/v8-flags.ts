import { setFlagsFromString } from 'node:v8';

/** Those of Node 20 to 26 know the flags; another one might complain of them on standard error. */
const KNOWN_V8 = /^1[1-4]\./;

/** What is set: `--liftoff-only` sets the other two as well, and does not take them back. */
const PLAIN = ['--liftoff-only'];
const AS_USUAL = ['--no-liftoff-only', '--wasm-tier-up', '--wasm-dynamic-tiering'];
const SMALL = ['--semi-space-growth-factor=1', '--heap-growing-percent=50'];

/**
 * Has undici's HTTP parser compiled by V8's plain compiler alone; to be called before the first request,
 * and what it gives back once that was answered: what is compiled later is treated as usual.
 *
 * The parser is one large WebAssembly function, which V8 takes for hot after a few headers and optimizes, at
 * the cost of 65 ms and 35 MB. That wins nothing, for bodies pass the parser by the piece. With a V8
 * that does not know the flags everything works, and costs so much more.
 */
export function compileParserPlainly(): () => void {
  set(PLAIN);
  let isOver = false;
  return () => {
    if (!isOver) set(AS_USUAL);
    isOver = true;
  };
}

let isSmall = false;

/**
 * Has the heap of this process grow less from now on. The events of a page live as long as the page,
 * and in a long stream V8 makes room for more and more of them: 25 MB within 400 pages, for a twentieth of the
 * time. With a V8 that does not know the flags everything works, and takes so much more memory.
 */
export function keepHeapSmall(): void {
  if (!isSmall) set(SMALL);
  isSmall = true;
}

function set(flags: readonly string[]): void {
  if (KNOWN_V8.test(process.versions.v8))
    flags.forEach((flag) => {
      setFlagsFromString(flag);
    });
}
