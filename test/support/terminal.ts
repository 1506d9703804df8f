import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** A program at a terminal of its own, and the person who sits there. */
export interface Terminal {
  /** Resolves once the screen has shown the text, behind what was waited for before; rejects if the program ends first. */
  shows(text: string): Promise<void>;
  type(keys: string): void;
  /** Resolves with all that the screen has ever shown. */
  readonly ended: Promise<{ readonly exitCode: number | undefined; readonly screen: string }>;
}

/** Starts a line of shell at a new terminal (util-linux's `script` makes it) of 80 columns. */
export function startAtTerminal(line: string, folder: string): Terminal {
  const child = spawn('script', ['-qefc', `stty cols 80 rows 40; ${line}`, '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], TERM: 'xterm', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { stdin, stdout } = child;
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  let screen = '';
  let seen = 0;
  stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
  stdin.on('error', () => undefined);
  return {
    shows: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const at = screen.indexOf(text, seen);
          if (at < 0) return;
          seen = at + text.length;
          stdout.off('data', look);
          resolve();
        };
        stdout.on('data', look).once('end', () => {
          reject(new Error(`never showed "${text}": ${screen}`));
        });
        look();
      }),
    type: (keys) => void stdin.write(keys),
    ended: closed.then(() => ({ exitCode: child.exitCode ?? undefined, screen })),
  };
}
