/**
 * The layering of the house: `main` sees all rooms; every room sees `domain` and itself;
 * `domain` sees itself; `collect` and `domain` know no Node module, and no package but luxon.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'rooms-do-not-know-each-other',
      comment: 'A room imports from the ground floor and from itself.',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: '^src/main/' },
      to: { path: '^src/', pathNot: '^src/(domain|$1)/' },
    },
    {
      name: 'ground-floor-stands-alone',
      comment: 'domain imports nothing of ours but domain.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { path: '^src/', pathNot: '^src/domain/' },
    },
    {
      name: 'nobody-imports-main',
      comment: 'The composition root is only ever started.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/main\\.ts$' },
    },
    {
      name: 'only-main-wires',
      comment: 'The parts of the composition root belong to it alone.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/main(\\.ts$|/)' },
      to: { path: '^src/main/' },
    },
    {
      name: 'use-cases-are-pure',
      comment: 'The world comes into collect as arguments.',
      severity: 'error',
      from: { path: '^src/collect/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'] },
    },
    {
      name: 'ground-floor-is-pure',
      comment: 'domain knows no Node module; luxon is its calendar.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'], pathNot: 'node_modules/(@types/)?luxon' },
    },
    {
      name: 'no-circles',
      comment: 'A circle of imports has no bottom.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'Every import must exist.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
