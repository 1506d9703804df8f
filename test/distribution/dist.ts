/**
 * Builds what users get into a folder: an archive for Linux, one for Windows, a package for npm, and
 * their SHA-256 sums. `node dist.js [FOLDER]`; the same commit makes the same bytes.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { buildProducts } from './build-products.ts';
import { checksums, file } from './entry.ts';

// A zip file has local times, and npm packs files with the modes that they have.
process.env['TZ'] = 'UTC';
process.umask(0o022);

const release = resolve(process.argv[2] ?? 'release');
const workplace = await mkdtemp(join(tmpdir(), 'okta-collector-distribution-'));
try {
  const products = await buildProducts(workplace);
  await rm(release, { recursive: true, force: true });
  await mkdir(release, { recursive: true });
  for (const { path, content = '' } of [...products, file('SHA256SUMS', checksums(products))]) {
    await writeFile(join(release, path), content);
    process.stdout.write(`${path}: ${(content.length / 1e6).toFixed(1)} MB\n`);
  }
} finally {
  await rm(workplace, { recursive: true });
}
