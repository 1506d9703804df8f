/** What a run could not do as promised. A log record tells it by a field `caveat`; the status of the stream keeps it. */
export const CAVEAT_KINDS = [
  /** Events that Okta no longer keeps were never read. */
  'gap',
  /** Okta refused a link of its own: the stream was read again from an earlier time. */
  'refused link',
  /** An event is longer than Sumo Logic takes in one message. */
  'long event',
  /** `start_time` is set, and the checkpoint wins. */
  'start ignored',
  /** The position is SumoJanus's, whose file can lag a page behind what it printed. */
  'taken over',
] as const;

/** One kind of them. */
export type CaveatKind = (typeof CAVEAT_KINDS)[number];

/** One of them, in words. */
export interface Caveat {
  readonly kind: CaveatKind;
  readonly text: string;
}
