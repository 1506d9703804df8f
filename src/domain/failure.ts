import type { LogFields } from './log.ts';
import type { Duration } from './time.ts';

interface FailureOptions {
  /** What the operator can do, one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
  readonly facts?: LogFields;
}

/** What all failures have: a message of the form `Cannot <action> "<value>": <state>`, and a way out. */
abstract class BaseFailure extends Error {
  abstract readonly kind: string;
  readonly hint: string | undefined;
  /** What the log should have of it beside the message: request id, error code. */
  readonly facts: LogFields;

  constructor(message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
    this.facts = options.facts ?? {};
  }
}

/** The command line is not one of ours. */
export class UsageError extends BaseFailure {
  readonly kind = 'usage';
}

/** One thing that is wrong with the configuration. */
export interface ConfigProblem {
  /** The key, as in the properties file. */
  readonly key: string;
  /** What it was set to; `undefined` if it was missing or is a secret. */
  readonly value: string | undefined;
  /** Where the value came from: a file, an environment variable, an option. */
  readonly source: string | undefined;
  readonly reason: string;
  readonly remedy: string;
}

/** The configuration cannot be used; names every problem at once. */
export class ConfigError extends BaseFailure {
  readonly kind = 'config';
  readonly problems: readonly ConfigProblem[];

  constructor(message: string, problems: readonly ConfigProblem[], options?: FailureOptions) {
    super(message, options);
    this.problems = problems;
  }
}

/** Okta does not let us in, or not to the System Log. */
export class CredentialsError extends BaseFailure {
  readonly kind = 'credentials';
}

/** Okta asks us to wait. */
export class RateLimitError extends BaseFailure {
  readonly kind = 'rate-limit';
  /** How long to wait, by the server's own time. */
  readonly wait: Duration;

  constructor(message: string, wait: Duration, options?: FailureOptions) {
    super(message, options);
    this.wait = wait;
  }
}

/** The network or the server failed in a way that passes. */
export class TransientError extends BaseFailure {
  readonly kind = 'transient';
}

/** A 200 whose body is no page: cut, not JSON, not an array. Nothing of it was delivered. */
export class UnusablePageError extends BaseFailure {
  readonly kind = 'unusable-page';
}

/** Okta refuses a link that it once issued. */
export class RefusedLinkError extends BaseFailure {
  readonly kind = 'refused-link';
}

/** The server does not keep its contract, and asking again will not mend it. */
export class ProtocolError extends BaseFailure {
  readonly kind = 'protocol';
}

/** The checkpoint cannot be read, trusted or written. */
export class CheckpointError extends BaseFailure {
  readonly kind = 'checkpoint';
}

/** Another run holds the stream. */
export class BusyError extends BaseFailure {
  readonly kind = 'busy';
  /** Whether the holder should have ended by now, or does not answer. */
  readonly overdue: boolean;

  constructor(message: string, overdue: boolean, options?: FailureOptions) {
    super(message, options);
    this.overdue = overdue;
  }
}

/** The reader of the events is gone, stuck, or its disk is full. */
export class OutputError extends BaseFailure {
  readonly kind = 'output';
}

/** Every way a run can fail that somebody is expected to act on; anything else is a bug and keeps its stack. */
export type Failure =
  | UsageError
  | ConfigError
  | CredentialsError
  | RateLimitError
  | TransientError
  | UnusablePageError
  | RefusedLinkError
  | ProtocolError
  | CheckpointError
  | BusyError
  | OutputError;

export function isFailure(error: unknown): error is Failure {
  return error instanceof BaseFailure;
}
