/** Where the numbers lie that matter here, in a file for Windows (PE32+), and in its optional header. */
const PE_HEADER = 0x3c;
const OPTIONAL_HEADER = 24;
const CHECKSUM = 64;
const CERTIFICATES = 112 + 4 * 8;

/** A program for 64-bit Windows without its signature, which must be what the file ends with. */
export function withoutSignature(program: Buffer): Buffer {
  const header = program.readUInt32LE(PE_HEADER) + OPTIONAL_HEADER;
  const start = program.readUInt32LE(header + CERTIFICATES);
  const size = program.readUInt32LE(header + CERTIFICATES + 4);
  if (start + size !== program.length)
    throw new Error(`Cannot remove the signature: it lies at ${start}, and not at the end`);
  const bare = Buffer.from(program.subarray(0, start));
  bare.fill(0, header + CERTIFICATES, header + CERTIFICATES + 8);
  // 0: not reckoned. Only drivers need one that is right.
  bare.writeUInt32LE(0, header + CHECKSUM);
  return bare;
}
