import type { LogEvent } from '../../src/domain/page.ts';
import type { Control } from './mutation.ts';

const nothing = (): Promise<void> => Promise.resolve();

/** Bugs of saving and writing. */
export const deliveryControls: readonly Control[] = [
  {
    name: 'commit before deliver',
    breaks: 'P1',
    mutation: () => ({
      store: (real) => ({
        load: () => real.load(),
        prepare: async (checkpoint) => {
          const prepared = await real.prepare(checkpoint);
          await prepared.commit();
          return { commit: nothing };
        },
      }),
    }),
  },
  {
    name: 'print before the draft is durable',
    breaks: 'P2',
    mutation: () => ({
      store: (real) => ({
        load: () => real.load(),
        prepare: (checkpoint) =>
          Promise.resolve({ commit: async () => (await real.prepare(checkpoint)).commit() }),
      }),
    }),
  },
  {
    name: 'fsync of the draft left out',
    breaks: 'P1',
    mutation: () => ({
      disk: (real) => ({
        ...real,
        create: async (path, like) => ({ ...(await real.create(path, like)), sync: nothing }),
      }),
    }),
  },
  {
    name: 'fsync of the folder left out',
    breaks: 'P2',
    mutation: () => ({ disk: (real) => ({ ...real, syncFolder: nothing }) }),
  },
  {
    name: 'fsync of a stdout file left out',
    breaks: 'P1',
    mutation: () => ({ stdout: (real) => ({ ...real, sync: nothing }) }),
  },
  {
    name: 'a torn last line not ended',
    breaks: 'P3',
    mutation: () => ({ stdout: (real) => ({ ...real, lastByte: () => undefined }) }),
  },
  {
    name: 'events read as JSON and written anew',
    breaks: 'P3',
    mutation: () => ({
      sink: (real) => ({ deliver: (events) => real.deliver(events.map(reserialised)) }),
    }),
  },
  {
    name: 'events of a page sorted by published',
    breaks: 'P3',
    mutation: () => ({
      sink: (real) => ({
        deliver: (events) =>
          real.deliver(events.toSorted((a, b) => (a.published ?? 0) - (b.published ?? 0))),
      }),
    }),
  },
  {
    name: 'a progress line on stdout',
    breaks: 'P4',
    mutation: () => ({
      sink: (real) => ({
        deliver: (events) =>
          real.deliver([
            { id: 'note', published: undefined, line: Buffer.from(`${events.length} events\n`) },
            ...events,
          ]),
      }),
    }),
  },
  { name: 'lock ignored', breaks: 'P2', mutation: () => ({ ignoresLock: true }) },
];

function reserialised(event: LogEvent): LogEvent {
  const text = Buffer.from(event.line).toString();
  return { ...event, line: Buffer.from(`${JSON.stringify(JSON.parse(text))}\n`) };
}
