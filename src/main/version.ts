import packageJson from '../../package.json' with { type: 'json' };

/** Put in when the program is built; sources that run as they are have none. */
declare const BUILT_COMMIT: string | undefined;

/** The version of the program. */
export const { version } = packageJson;

/** The version, and the commit that was built if it is known: `0.1.0 (5f75d7b)`. */
export const versionAndCommit =
  typeof BUILT_COMMIT === 'undefined' ? version : `${version} (${BUILT_COMMIT})`;
