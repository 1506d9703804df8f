import { Buffer } from 'node:buffer';

/*
 * Bodies are changed as latin1 text: every byte is one character, so whatever is not touched comes
 * out as it went in.
 */
const changed = (body: Buffer, change: (text: string) => string): Buffer =>
  Buffer.from(change(body.toString('latin1')), 'latin1');

/** Takes the member out of every event. */
export const withoutMember = (body: Buffer, name: 'uuid' | 'published'): Buffer =>
  changed(body, (text) =>
    text.replace(
      new RegExp(`,"${name}":"[0-9a-fTZ:.+-]*"(?=,"(severity|securityContext|version)")`, 'g'),
      '',
    ),
  );

/** Writes the names `uuid` and `published` with an escape: other bytes, the same JSON. */
export const withEscapedNames = (body: Buffer): Buffer =>
  changed(body, (text) =>
    text
      .replaceAll('"uuid":', String.raw`"\u0075uid":`)
      .replaceAll('"published":', String.raw`"publishe\u0064":`),
  );

/** Makes the first event larger by so many kilobytes. */
export const withBigEvent = (body: Buffer, kilobytes: number): Buffer =>
  changed(body, (text) =>
    text.replace('"debugData":{', `"debugData":{"padding":"${'x'.repeat(kilobytes * 1024)}",`),
  );

/** Puts a byte that is no UTF-8 into the first event's message. */
export const withInvalidUtf8 = (body: Buffer): Buffer =>
  changed(body, (text) => text.replace('"displayMessage":"', '"displayMessage":"\u00ff'));

/** Ends in the middle of the last event (of a page without any: of one that is not there). */
export function withHalfEvent(body: Buffer): Buffer {
  const lastEvent = body.lastIndexOf('{"actor":');
  if (lastEvent < 0) return Buffer.from('[{"actor":{"id":"00u');
  return body.subarray(0, (lastEvent + body.length) >> 1);
}

/** Adds white space between the tokens; strings and numbers stay as they are. */
export const pretty = (body: Buffer): Buffer =>
  changed(body, (text) =>
    text.replace(/"(?:[^"\\]|\\.)*"|[[\]{},:]/g, (token) => {
      if (token === ':') return ': ';
      if (token === ']' || token === '}') return `\r\n${token}`;
      return token === '[' || token === '{' || token === ',' ? `${token}\n\t ` : token;
    }),
  );

/** Puts the byte order mark in front. */
export const withByteOrderMark = (body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]);
