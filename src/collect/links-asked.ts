import { ProtocolError } from '../domain/failure.ts';
import type { Cursor } from '../domain/page.ts';

/** Of so many links it is known that they were asked. */
const LINKS_KNOWN = 100;

/** The links that were asked lately in one stream of pages. */
export class LinksAsked {
  readonly #links = new Set<Cursor>();

  /** Throws a `ProtocolError` if a next link leads back to one that was asked. */
  refuseCircle(asked: Cursor, next: Cursor): void {
    this.#links.add(asked);
    if (this.#links.has(next)) {
      throw new ProtocolError('Cannot go on in the System Log: its next links lead in a circle', {
        hint: 'Run again; if that does not help, a proxy may be mixing up answers',
      });
    }
    const [oldest] = this.#links;
    if (this.#links.size > LINKS_KNOWN && oldest !== undefined) this.#links.delete(oldest);
  }
}
