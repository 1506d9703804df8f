import type { Dispatcher } from 'undici';
import { UnusablePageError } from '../domain/failure.ts';
import type { Duration } from '../domain/time.ts';
import { bodyFault } from './body-fault.ts';
import type { AnswerHead, Request } from './exchange.ts';
import { whenOver } from './time-limit.ts';

/** An answer as it came over the wire. */
export interface ReceivedAnswer extends AnswerHead {
  /** Perhaps compressed; empty if it broke off and the answer is an error, which its status tells of. */
  readonly body: Buffer;
}

/**
 * Sends one request and collects the answer. Rejects with an `UnusablePageError` if the body of a
 * 200 breaks off, with the signal's reason once that is given, with a `TimeoutError` once
 * `timeLimit` is over, else with undici's own error.
 */
export function receiveAnswer(
  dispatcher: Dispatcher,
  { url, headers, body, signal, onHead }: Request,
  timeLimit: Duration,
): Promise<ReceivedAnswer> {
  const { origin, pathname, search } = new URL(url);
  const target = { origin, path: pathname + search, headers: { ...headers } };
  const method = body === undefined ? 'GET' : 'POST';
  return new Promise((resolve, reject) => {
    const handler = collecting({ signal, timeLimit, onHead, resolve, reject });
    dispatcher.dispatch({ ...target, method, body: body ?? null }, handler);
  });
}

interface Collecting {
  readonly signal: AbortSignal;
  readonly timeLimit: Duration;
  readonly onHead: Request['onHead'];
  readonly resolve: (answer: ReceivedAnswer) => void;
  readonly reject: (reason: unknown) => void;
}

function collecting({
  signal,
  timeLimit,
  onHead,
  resolve,
  reject,
}: Collecting): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let head: AnswerHead | undefined;
  let request: Dispatcher.DispatchController | undefined;
  let given: { readonly up: Error } | undefined;
  const stopWaiting = whenOver(signal, timeLimit, (reason) => {
    given = { up: reason };
    // While a connection is still being opened there is no request to break off.
    if (request === undefined) reject(reason);
    else request.abort(reason);
  });
  return {
    onRequestStart: (controller) => {
      request = controller;
      if (given !== undefined) controller.abort(given.up);
    },
    onResponseStart: (_, status, headers) => {
      // Some servers announce an answer by one of their own (103).
      if (status < 200) return;
      head = { status, headers };
      onHead?.(head);
    },
    onResponseData: (_, chunk) => void chunks.push(chunk),
    onResponseEnd: () => {
      stopWaiting();
      if (head !== undefined) resolve({ ...head, body: Buffer.concat(chunks) });
    },
    onResponseError: (_, cause) => {
      stopWaiting();
      if (given !== undefined) reject(given.up);
      else if (head === undefined) reject(cause);
      else if (head.status !== 200) resolve({ ...head, body: Buffer.alloc(0) });
      else reject(brokenOff(cause));
    },
  };
}

/** A page that breaks off is as unusable as one that is damaged: nothing of it may be delivered. */
function brokenOff(cause: Error): UnusablePageError {
  const fault = bodyFault(cause, 'it breaks off');
  return new UnusablePageError(`Cannot read the answer: ${fault}`, { cause });
}
