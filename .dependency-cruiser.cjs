/**
 * The layers of docs/architecture.md as rules. Specs may import any area of the service: a real
 * part is a better partner in a test than a pretended one.
 */
const SPEC = '\\.spec\\.tsx?$';

/** What only the specs of a package use, and what is not packed. */
const TESTING = '^packages/[^/]+/src/testing/';

const HOUSES = [
  ...['kernel', 'config', 'http', 'auth', 'chat', 'presence', 'gateway'],
  ...[
    'history',
    'messages',
    'rooms',
    'search',
    'attachments',
    'operations',
    'site',
    'engines/(sql|sqlite|postgres|redis|memory|files|s3|transfer|rebuild)',
  ],
];

/** An area of src/ and the only others it may import. */
const area = (name, allowed, comment) => ({
  name: `${name.replaceAll('/', '-')}-visits`,
  comment,
  severity: 'error',
  from: { path: `^src/${name}/`, pathNot: SPEC },
  to: { path: '^src/', pathNot: [`${name}/`, ...allowed].map((one) => `^src/${one}`) },
});

/** A package that stands behind one area only. */
const keeper = (name, packages, areas, comment) => ({
  name: `${name}-only-there`,
  comment,
  severity: 'error',
  from: { path: '^src/', pathNot: [SPEC, ...areas.map((one) => `^src/${one}`)] },
  to: { path: packages.map((one) => `^(node_modules/)?${one}($|/)`) },
});

/**
 * The folders inside an area, from the top layer down: each may import those below its own
 * layer. Folders in one line share a layer and do not import each other.
 */
const LAYERS = {
  gateway: [
    ['transports'],
    ['commands'],
    ['lifecycle'],
    ['catch-up', 'presence'],
    ['delivery', 'admission'],
    ['connections'],
    ['wire'],
  ],
  chat: [['rooms'], ['feed', 'messages'], ['marks'], ['log'], ['conversations']],
};

/** What each folder of an area may import; files beside the folders put the area together. */
const folders = (name) =>
  LAYERS[name].flatMap((layer, level) =>
    layer.map((folder) => ({
      name: `${name}-${folder}-imports`,
      comment:
        'Arrows run down: a folder imports from the layers below, and from none beside or above it.',
      severity: 'error',
      from: { path: `^src/${name}/${folder}/`, pathNot: SPEC },
      to: {
        path: `^src/${name}/`,
        pathNot: [folder, ...LAYERS[name].slice(level + 1).flat()].map(
          (one) => `^src/${name}/${one}/`,
        ),
      },
    })),
  );

/** The ports that an engine implements, and the types which their signatures name. */
const PORTS = [
  'auth/[a-z]+/[a-z-]+-store\\.ts$',
  // How an account is called that has lost its name: part of what the store of guests promises.
  'auth/names/deleted-name\\.ts$',
  'chat/log/(event-log|message-bus|event|stored-body)\\.ts$',
  'chat/log/message-(change|state|store)\\.ts$',
  'chat/conversations/(key|lobby|conversation-store|room|room-change|room-store)\\.ts$',
  'chat/marks/mark-store\\.ts$',
  'chat/marks/thread-store\\.ts$',
  'chat/feed/follower-cursors\\.ts$',
  'presence/(presence-store|signal-bus)\\.ts$',
  // What is looked for, and the terms by which it is found: the same on every engine.
  'search/(search-index|index-terms|tokenizer)\\.ts$',
  'attachments/(attachment-store|blob-store)\\.ts$',
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Files in a cycle can only be understood, tested and initialised all at once.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nobody imports and that imports nobody is left over.',
      severity: 'error',
      from: { orphan: true, pathNot: [SPEC, '\\.d\\.ts$', '^web/vite\\.config\\.ts$'] },
      to: {},
    },
    {
      name: 'not-unresolvable',
      comment: 'An import that cannot be found fails at the start, in front of the user.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'not-to-dev-dependency',
      comment: 'What runs for users must be there after an install without development packages.',
      severity: 'error',
      from: { path: '^src/', pathNot: SPEC },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    {
      name: 'not-to-undeclared-dependency',
      comment: 'A package that only another package brought may go with its next version.',
      severity: 'error',
      // Whoever tests a package does so in this repository, with what is installed here.
      from: { path: '^(src|packages|web)/', pathNot: ['^packages/.*' + SPEC, TESTING] },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'not-to-test',
      comment: 'Tests know the product; the product does not know its tests.',
      severity: 'error',
      from: { path: '^(src|packages|web)/', pathNot: [SPEC, TESTING] },
      to: { path: ['^test/', SPEC, TESTING] },
    },
    {
      name: 'spec-not-imported',
      comment: 'What two specs share belongs in test/support, not in one of them.',
      severity: 'error',
      from: {},
      to: { path: SPEC },
    },
    {
      name: 'protocol-alone',
      comment: 'The wire is what both sides agree on: it depends on neither, nor on anything else.',
      severity: 'error',
      from: { path: '^packages/protocol/', pathNot: SPEC },
      to: { pathNot: '^packages/protocol/' },
    },
    {
      name: 'client-alone',
      comment: 'The client runs in browsers and in the tests: it knows the wire, and nothing else.',
      severity: 'error',
      from: { path: '^packages/client/', pathNot: [SPEC, TESTING] },
      to: { pathNot: ['^packages/(client|protocol)/'] },
    },
    {
      name: 'packages-by-name',
      comment: 'What a package does not export is its own affair; its name is how it is reached.',
      severity: 'error',
      from: { path: '^(packages/[^/]+|src|web)/' },
      // A name is an alias of the workspace, and not more than undetermined among packages.
      to: {
        path: '^packages/',
        pathNot: '^$1/',
        dependencyTypesNot: ['aliased-workspace', 'undetermined'],
      },
    },
    {
      name: 'web-through-client',
      comment: 'The page reaches the service only as every other client does: over the wire.',
      severity: 'error',
      from: { path: '^web/', pathNot: SPEC },
      to: { path: '^(src|test|bench|scripts)/' },
    },
    {
      name: 'service-without-its-clients',
      comment: 'The service serves a built page; it shares no code with those who call it.',
      severity: 'error',
      from: { path: '^src/', pathNot: SPEC },
      to: { path: '^(packages/client|web|bench|scripts)/' },
    },
    {
      name: 'engines-bound-in-one-place',
      comment: 'Only app.module.ts binds engines to ports, so that a choice is read in one place.',
      severity: 'error',
      from: { path: '^src/', pathNot: [SPEC, '^src/app\\.module\\.ts$', '^src/engines/'] },
      to: { path: '^src/engines/' },
    },
    area('kernel', [], 'The kernel is what every area stands on; it stands on none.'),
    area('config', ['kernel/'], 'Settings are read before there is anything else.'),
    area('http', ['kernel/', 'config/'], 'REST plumbing serves every area and knows none.'),
    area(
      'auth',
      ['kernel/', 'config/', 'http/'],
      'Who somebody is does not depend on what they say or where: no gateway, no chat.',
    ),
    area(
      'chat',
      [
        'kernel/',
        'config/',
        'auth/(accounts/(user-directory|account-watch)|names/username|person-budget|auth\\.module)\\.ts$',
      ],
      'The domain knows no socket and no database. To find a recipient it asks the directory.',
    ),
    area(
      'presence',
      ['kernel/', 'config/', 'chat/(conversations/key|log/event)\\.ts$'],
      'Who is here is told by connections; presence itself knows no socket and no database.',
    ),
    area(
      'gateway',
      [
        'auth/',
        'chat/',
        'presence/',
        'kernel/',
        'config/',
        'http/(address-cost|base-path|client-address|client-view|express-adapter|header-count|host)\\.ts$',
        'http/(host-header|http\\.module|parameters|problem|raw-answer|status)\\.ts$',
        'http/connections/(server-guard|upgrade-offers)\\.ts$',
      ],
      'The gateway turns frames into calls of the domain. It never touches an engine.',
    ),
    area(
      'history',
      ['auth/', 'chat/', 'presence/', 'http/', 'kernel/', 'config/'],
      'Reading back stands beside the socket, so that it can never block it.',
    ),
    area(
      'search',
      ['auth/', 'chat/', 'history/message(-item)?\\.ts$', 'http/', 'kernel/', 'config/'],
      'Searching reads what pages read, shows it as they do, and knows no socket.',
    ),
    area(
      'rooms',
      ['auth/', 'chat/', 'http/', 'kernel/', 'config/'],
      'Rooms over HTTP are calls of the domain, as the commands of the gateway are.',
    ),
    area(
      'messages',
      ['auth/', 'chat/', 'http/', 'kernel/', 'config/'],
      'What changes over HTTP changes in the domain: the socket and this area are two ways to it.',
    ),
    area(
      'attachments',
      ['auth/', 'chat/', 'http/', 'kernel/', 'config/'],
      'Files come and go over HTTP; who may see them is asked of the gate, as for messages.',
    ),
    area(
      'operations',
      ['auth/', 'chat/', 'presence/', 'http/', 'kernel/', 'config/'],
      'Health and logs look at the ports, never behind them.',
    ),
    area(
      'site',
      ['http/', 'kernel/', 'config/'],
      'The page and the descriptions of the interface are files; handing them out needs no more.',
    ),
    ...Object.keys(LAYERS).flatMap(folders),
    {
      name: 'every-area-has-its-rule',
      comment: 'A new area says here what it may import, before it imports anything.',
      severity: 'error',
      from: {
        path: '^src/[^/]+/',
        pathNot: `^src/(${HOUSES.join('|')})/`,
      },
      to: {},
    },
    ...['sqlite', 'postgres', 'redis', 'memory', 'files', 's3'].map((name) =>
      area(
        `engines/${name}`,
        [
          ...(name === 'sqlite' || name === 'postgres' ? ['engines/sql/'] : []),
          'kernel/',
          'config/',
          ...PORTS,
        ],
        'An engine knows ports and their types: no service of the domain, no other engine.',
      ),
    ),
    area(
      'engines/transfer',
      ['engines/', 'kernel/', 'config/'],
      'A program of its own that stands between two engines, when no service runs.',
    ),
    area(
      'engines/rebuild',
      ['engines/', 'kernel/', 'config/', 'search/search-index\\.ts$'],
      'A program of its own that throws away what an engine can make anew.',
    ),
    area(
      'engines/sql',
      ['kernel/', 'config/', ...PORTS],
      'What two databases share knows neither of them.',
    ),
    keeper(
      'sockets',
      ['ws', 'socket\\.io', '@nestjs/websockets', '@nestjs/platform-ws'],
      ['gateway/', 'bootstrap\\.ts$', 'app\\.module\\.ts$'],
      'One area speaks WebSocket and Socket.IO, so that another transport can be put beside them.',
    ),
    keeper(
      'database',
      ['better-sqlite3', 'kysely', 'pg', 'ioredis'],
      ['engines/'],
      'Whoever else held a database handle would go round the promises of the ports.',
    ),
    keeper(
      'metrics',
      ['prom-client'],
      ['operations/'],
      'Whoever counts does so in plain fields (kernel/meters.ts), which the hot path can pay for.',
    ),
    keeper(
      'pictures',
      ['sharp'],
      ['attachments/pictures/'],
      'Decoders of strangers’ bytes run in processes of their own, a few at a time.',
    ),
    keeper(
      'password-hash',
      ['@node-rs/argon2'],
      ['auth/'],
      'Hashing costs 19 MiB and 7 ms each: it is limited in number in one place.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['parley-source', 'import', 'require', 'node', 'default', 'types'],
    },
  },
};
