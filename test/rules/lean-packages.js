import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/** What this program imports from undici, and the file of undici that it is in. */
const UNDICI = {
  Agent: 'undici/lib/dispatcher/agent.js',
  Client: 'undici/lib/dispatcher/client.js',
  buildConnector: 'undici/lib/core/connect.js',
};

/**
 * Parts that packages load whether they are used or not, by package, and what they find in their
 * place. Each takes a scheduled run milliseconds.
 */
const UNUSED = [
  // Looks at one of its classes and at one number, and we name the number.
  { importer: '/undici/', part: 'node:http', code: 'module.exports = {};' },
  // Asks it whether something is so and nothing else; it would open standard error, to learn of colours.
  {
    importer: '/undici/',
    part: 'node:assert',
    code: 'module.exports = (isSo, message) => { if (!isSo) throw new Error(message ?? "undici met what it took for impossible"); };',
  },
  // Gets along without, says so by a `try`, and is never asked for HTTP/2.
  { importer: '/undici/', part: 'node:http2', code: 'throw new Error("left out");' },
  // Writes from a thread of its own, or to a file of its own; we hand it what to write to.
  { importer: '/pino/', part: './lib/transport', code: 'module.exports = undefined;' },
  { importer: '/pino/', part: './transport', code: 'module.exports = undefined;' },
  { importer: '/pino/', part: 'sonic-boom', code: 'module.exports = class {};' },
  { importer: '/pino/', part: 'worker_threads', code: 'module.exports = { isMainThread: true };' },
  // Starts the commands that are programs of their own, and there are none.
  { importer: '/commander/', part: 'node:child_process', code: 'module.exports = {};' },
];

const LEAN = '\0lean:';

/**
 * Takes of packages what the program uses and nothing more. undici as a whole takes 300 ms of
 * a run, its HTTP/1.1 client alone a tenth of that: its index loads fetch, WebSocket, caches and mocks, and is
 * CommonJS, which nobody can shake. So the bundle gets the files that hold what is imported. They are not
 * part of undici's public face: where one is missing, the bundle gets all of undici, and works as well.
 * @returns {import('rolldown').Plugin}
 */
export function leanPackages() {
  return {
    name: 'lean-packages',
    resolveId(source, importer = '') {
      if (source === 'undici' && partsOfUndici() !== undefined) return `${LEAN}undici`;
      const unused = UNUSED.findIndex(
        (one) => one.part === source && importer.includes(`/node_modules${one.importer}`),
      );
      return unused === -1 ? undefined : `${LEAN}${unused}`;
    },
    load(id) {
      if (!id.startsWith(LEAN)) return undefined;
      const name = id.slice(LEAN.length);
      return name === 'undici' ? partsOfUndici() : UNUSED[Number(name)]?.code;
    },
    transform(code, id) {
      // The clock for `maxRetryTime`, which nobody sets: the global loads node:perf_hooks, for 2 ms of a run.
      if (!id.includes('/node_modules/p-retry/')) return undefined;
      return code.replaceAll('performance.now()', 'Date.now()');
    },
  };
}

/** A module that has what is imported from undici; `undefined` if a file of undici's has moved. */
function partsOfUndici() {
  try {
    return Object.entries(UNDICI)
      .map(([name, file]) => `export { default as ${name} } from ${JSON.stringify(resolve(file))};`)
      .join('\n');
  } catch {
    return undefined;
  }
}
