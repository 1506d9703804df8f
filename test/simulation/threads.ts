import { availableParallelism } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';
import type { Task, TaskResult } from './tasks.ts';
import { carryOut } from './tasks.ts';

/** Does tasks as they come from the main thread. */
export function serveTasks(): void {
  parentPort?.on('message', (task: Task) => {
    void carryOut(task).then((result) => {
      parentPort?.postMessage(result);
    });
  });
}

/** Has all tasks done, as many at a time as there are cores; tells of each result as it comes. */
export async function shareOut(
  tasks: Iterable<Task>,
  program: string,
  tell: (result: TaskResult) => void,
): Promise<void> {
  const queue: Iterator<Task, unknown> = tasks[Symbol.iterator]();
  const serve = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(program);
      const next = (): void => {
        const task = queue.next();
        if (task.done === true)
          void worker.terminate().then(() => {
            resolve();
          });
        else worker.postMessage(task.value);
      };
      worker.on('error', reject);
      worker.on('message', (result: TaskResult) => {
        tell(result);
        next();
      });
      next();
    });
  await Promise.all(Array.from({ length: availableParallelism() }, serve));
}
