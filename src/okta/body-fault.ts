/** No page of 1,000 events comes near this, received or unpacked: what does is none, and must not fill the memory. */
export const LONGEST_BODY_BYTES = 256 * 1024 * 1024;

/** By undici, and by zlib. */
const TOO_LONG = ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'ERR_BUFFER_TOO_LARGE'];

/** Says what is wrong with a body that cannot be had: `usual`, unless it is too long. */
export function bodyFault(cause: unknown, usual: string): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (!TOO_LONG.some((known) => known === code)) return usual;
  return `it is longer than ${LONGEST_BODY_BYTES / 1024 / 1024} MiB, which no page is`;
}
