// Imports run one way (ARCHITECTURE.md). Each rank may use those below it, never its own rank and never above.
const RANKS = [
  ['platform'],
  ['brand'],
  ['messaging', 'risk', 'ledger'],
  ['identity'],
  ['catalog', 'policy', 'papers'],
  ['line', 'dealer', 'payment', 'quote', 'receipt'],
  ['topup', 'usage'],
  ['counter', 'retention', 'reconciliation', 'bank-statement', 'statement', 'work-item'],
  ['support', 'trust'],
  ['webhook', 'standards', 'office', 'reference'],
]
const room = (names) => `^server/(${names.join('|')})/`
const TEST = '(\\.test|-fixture)\\.tsx?$'

/** A room may not import a room of its own rank or of one above it. */
const upward = RANKS.flatMap((rank, i) =>
  rank.map((name) => ({
    name: `${name}-looks-down-only`,
    severity: 'error',
    from: { path: room([name]), pathNot: TEST },
    to: { path: room([...rank.filter((other) => other !== name), ...RANKS.slice(i + 1).flat()]) },
  })),
)

export default {
  forbidden: [
    ...upward,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'rooms-by-their-door',
      comment: 'Into another room only through its index.ts.',
      severity: 'error',
      from: { path: '^server/([^/]+)/', pathNot: TEST },
      to: { path: '^server/(?!platform/)([^/]+)/(?!index\\.ts$)', pathNot: '^server/$1/' },
    },
    {
      name: 'house-uses-doors-too',
      severity: 'error',
      from: { path: '^server/[^/]+\\.ts$', pathNot: TEST },
      to: { path: '^server/(?!platform/|demo/|commands/)[^/]+/(?!index\\.ts$)' },
    },
    {
      name: 'rooms-know-no-house',
      severity: 'error',
      from: { path: room(RANKS.flat()), pathNot: TEST },
      to: { path: '^server/([^/]+\\.ts$|demo/|commands/)' },
    },
    {
      name: 'contract-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^contract/' },
      to: { path: '^(server|web|sandbox|i18n)/' },
    },
    {
      name: 'sandbox-knows-nothing-of-ours',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^(server|web|contract|i18n)/' },
    },
    {
      name: 'web-knows-no-server',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(server|sandbox)/' },
    },
    {
      name: 'web-takes-contract-types-only',
      severity: 'error',
      from: { path: '^web/', pathNot: TEST },
      to: { path: '^contract/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'areas-apart',
      severity: 'error',
      from: { path: '^web/areas/([^/]+)/' },
      to: { path: '^web/areas/', pathNot: '^web/areas/$1/' },
    },
    {
      name: 'sql-in-stores',
      severity: 'error',
      from: { path: '^server/', pathNot: `^server/platform/|store\\.ts$|${TEST}` },
      to: { path: 'node_modules/(pg|kysely)/' },
    },
    {
      name: 'fastify-in-routes',
      severity: 'error',
      from: { path: '^server/', pathNot: `^server/platform/|routes\\.ts$|^server/house\\.ts$|${TEST}` },
      to: { path: 'node_modules/fastify/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'adapters-know-their-port-alone',
      severity: 'error',
      from: { path: '^server/payment/providers/([^/]+)/', pathNot: TEST },
      to: { path: '^server/', pathNot: '^server/payment/(port\\.ts$|providers/$1/)|^server/platform/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: 'web/dist' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
}
