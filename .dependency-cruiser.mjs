/**
 * The table of rooms: who may import what. `pnpm check` holds every import against it, types too.
 * docs/ARCHITECTURE.md says what each room is for.
 */

/** Rooms that a room may import besides itself. */
const ROOMS = {
  domain: [],
  contracts: ['domain'],
  pipeline: ['domain', 'contracts'],
  replay: ['domain', 'contracts', 'pipeline'],
  kafka: ['domain', 'contracts', 'pipeline'],
  redis: ['domain', 'pipeline'],
  embedded: ['domain', 'pipeline'],
  ledger: ['domain', 'contracts'],
  console: [],
  api: ['domain', 'contracts', 'ledger', 'console'],
  telemetry: ['domain'],
  config: ['domain'],
  command: ['domain', 'config'],
  simulation: ['domain', 'contracts'],
  service: ['domain', 'contracts', 'pipeline', 'kafka', 'config', 'telemetry'],
};

/** Libraries that one room alone may import. */
const ONLY_IN = {
  kafka: ['kafkajs', '@kafkajs/'],
  redis: ['ioredis'],
  ledger: ['@duckdb/'],
  console: ['preact', '@observablehq/', 'esbuild', 'eventsource-parser'],
  api: ['fastify', '@fastify/'],
  telemetry: ['prom-client', 'pino'],
};

/** Tests may import what they like, and what only tests use as well. */
const TESTS = ['\\.test\\.ts$', '^packages/[^/]+/testing/', '^packages/testkit/', '^test/'];

const anyOf = (words) => `(${words.join('|')})`;
const library = (name) => `node_modules/${name}${name.endsWith('/') ? '' : '/'}`;

const rooms = Object.entries(ROOMS).map(([room, others]) => ({
  name: `room-${room}`,
  comment: `packages/${room} may import ${others.join(', ') || 'no other room'}.`,
  severity: 'error',
  from: { path: `^packages/${room}/`, pathNot: TESTS },
  to: {
    path: '^(packages|services|test|deploy)/',
    pathNot: `^packages/${anyOf([room, ...others])}/`,
  },
}));

const libraries = Object.entries(ONLY_IN).map(([room, names]) => ({
  name: `only-${room}`,
  comment: `Only packages/${room} may import ${names.join(' and ')}.`,
  severity: 'error',
  from: { path: '^(packages|services)/', pathNot: [`^packages/${room}/`, ...TESTS] },
  to: { path: names.map(library) },
}));

// biome-ignore lint/style/noDefaultExport: dependency-cruiser reads it
export default {
  forbidden: [
    ...rooms,
    ...libraries,
    {
      name: 'room-without-rules',
      comment: 'A new package stands in the table of rooms before it imports anything.',
      severity: 'error',
      from: {
        path: '^packages/',
        pathNot: `^packages/${anyOf([...Object.keys(ROOMS), 'testkit'])}/`,
      },
      to: {},
    },
    {
      name: 'pure-domain',
      comment: 'packages/domain does no input or output: luxon and nothing else, not even Node.',
      severity: 'error',
      from: { path: '^packages/domain/', pathNot: TESTS },
      to: { pathNot: ['^packages/domain/', 'node_modules/(@types/)?luxon/'] },
    },
    {
      name: 'no-service-in-service',
      comment: 'Services wire packages together; what two of them need belongs into a package.',
      severity: 'error',
      from: { path: '^services/([^/]+)/', pathNot: TESTS },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'no-test-in-product',
      comment: 'What runs in production imports no test.',
      severity: 'error',
      from: { path: '^(packages|services)/', pathNot: TESTS },
      to: { path: ['\\.test\\.ts$', '^test/'] },
    },
    {
      name: 'no-cycle',
      comment: 'Files that import each other can only be understood together.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'declared',
      comment: "An import must be there, and stand in its own package's package.json.",
      severity: 'error',
      from: { path: '^(packages|services)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
    {
      name: 'resolvable',
      comment: 'An import must lead somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
