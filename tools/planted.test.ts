import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkSteps } from './steps.ts'

// The linters are trusted only as far as they are seen to report: here each planted file breaks one rule of ours.

const root = join(import.meta.dirname, '..')
const directories: string[] = []
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

/** These files and our configuration in a directory of their own. */
function plant(files: Readonly<Record<string, string>>, configuration: readonly string[]): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'baohao-planted-')))
  directories.push(directory)
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
  for (const name of configuration) cpSync(join(root, name), join(directory, name))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  return directory
}

/** What the linter of a step of `npm run check` prints as JSON when run in that directory. */
function run<Report>(directory: string, step: string, ...args: string[]): Report {
  const script = checkSteps.find(({ name }) => name === step)?.script
  if (script === undefined) throw new Error(`npm run check has no step ${step}`)
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (!stdout.startsWith('{')) throw new Error(`${script} said nothing: ${stderr}`)
  return JSON.parse(stdout) as Report
}

const LINT: Readonly<Record<string, string>> = {
  'lint/nursery/noFloatingPromises': 'export async function pay() {}\npay()\n',
  'lint/nursery/useExhaustiveSwitchCases':
    "export function f(state: 'paid' | 'held') {\n  switch (state) {\n    case 'paid':\n      return 1\n  }\n}\n",
  'lint/suspicious/noExplicitAny': 'export const a: any = 1\n',
  'lint/style/noEnum': 'export enum State {\n  Paid,\n}\n',
  'lint/style/noNonNullAssertion': 'export const f = (a: string | null) => a!.length\n',
  'lint/suspicious/noConsole': "console.log('x')\n",
  'lint/correctness/noUnusedImports': "import { join } from 'node:path'\n\nexport const a = 1\n",
  'lint/style/useImportType': "import { Stats } from 'node:fs'\n\nexport const a = (s: Stats) => s.size\n",
  format: 'export const a = "double";\n',
}

interface BiomeReport {
  readonly diagnostics: readonly {
    readonly category: string
    readonly severity: string
    readonly location: { readonly path: string | { readonly file: string } }
  }[]
}

describe('Biome, with our configuration,', () => {
  const fileOf = (rule: string) => `server/${rule.replaceAll('/', '-').toLowerCase()}.ts`
  let report: BiomeReport
  beforeAll(() => {
    const files = Object.entries(LINT).map(([rule, text]) => [fileOf(rule), text])
    const directory = plant({ ...Object.fromEntries(files), 'server/fine.ts': 'export const a = 1\n' }, [
      'biome.json',
      'package.json',
      'tsconfig.json',
    ])
    // The planted tree is no repository, and no list of ignored files stands beside it.
    const arguments_ = ['check', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.']
    report = run(directory, 'format and lint', ...arguments_)
  })

  const reported = (file: string) =>
    report.diagnostics
      .filter(({ severity }) => severity === 'error')
      .filter(({ location: { path } }) => (typeof path === 'string' ? path : path.file) === file)
      .map(({ category }) => category)

  it.each(Object.keys(LINT))('reports %s as an error', (rule) => {
    expect(reported(fileOf(rule))).toContain(rule)
  })

  it('reports nothing where nothing is wrong', () => {
    expect(reported('server/fine.ts')).toEqual([])
  })
})

/** By the name of the rule, the path of a file and what it imports. */
const IMPORTS: Readonly<Record<string, readonly [path: string, text: string]>> = {
  'ledger-looks-down-only': ['server/ledger/upward.ts', "import '../topup/index.ts'"],
  'messaging-looks-down-only': ['server/messaging/aside.ts', "import '../ledger/index.ts'"],
  'platform-looks-down-only': ['server/platform/upward.ts', "import '../brand/index.ts'"],
  'no-cycles': ['server/line/cycle-a.ts', "import './cycle-b.ts'"],
  'rooms-by-their-door': ['server/topup/window.ts', "import '../ledger/store.ts'"],
  'house-uses-doors-too': ['server/house.ts', "import './ledger/store.ts'"],
  'rooms-know-no-house': ['server/topup/homesick.ts', "import '../house.ts'"],
  'contract-imports-nothing-of-ours': ['contract/heavy.ts', "import '../server/ledger/index.ts'"],
  'sandbox-knows-nothing-of-ours': ['sandbox/spy.ts', "import '../contract/id.ts'"],
  'web-knows-no-server': ['web/deep.ts', "import type {} from '../server/ledger/index.ts'"],
  'web-takes-contract-types-only': ['web/value.ts', "import { id } from '../contract/id.ts'\nid"],
  'areas-apart': ['web/areas/portal/page.ts', "import '../office/page.ts'"],
  'sql-in-stores': ['server/topup/place.ts', "import pg from 'pg'\npg"],
  'fastify-in-routes': ['server/topup/pay.ts', "import fastify from 'fastify'\nfastify"],
  'adapters-know-their-port-alone': ['server/payment/providers/alipay/nosy.ts', "import '../../attempt.ts'"],
}

const NEIGHBOURS: Readonly<Record<string, string>> = {
  'contract/id.ts': 'export const id = 1',
  'server/brand/index.ts': 'export {}',
  'server/ledger/index.ts': 'export {}',
  'server/ledger/store.ts': "import pg from 'pg'\nexport const store = pg",
  'server/line/cycle-b.ts': "import './cycle-a.ts'",
  'server/payment/attempt.ts': 'export {}',
  'server/topup/index.ts': "import '../ledger/index.ts'\nimport type {} from '../../contract/id.ts'",
  'server/topup/routes.ts': "import fastify from 'fastify'\nexport const routes = fastify",
  'web/areas/office/page.ts': "import type { id } from '../../../contract/id.ts'\nexport type Id = typeof id",
}

interface CruiserReport {
  readonly summary: {
    readonly violations: readonly {
      readonly from: string
      readonly rule: { readonly name: string; readonly severity: string }
    }[]
  }
}

describe('dependency-cruiser, with our configuration,', () => {
  let report: CruiserReport
  beforeAll(() => {
    const directory = plant({ ...NEIGHBOURS, ...Object.fromEntries(Object.values(IMPORTS)) }, [
      '.dependency-cruiser.mjs',
      'package.json',
      'tsconfig.json',
    ])
    const arguments_ = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json']
    const folders = ['contract', 'server', 'web', 'sandbox']
    report = run(directory, 'imports', ...arguments_, ...folders)
  })

  const reported = (file: string) =>
    report.summary.violations
      .filter(({ from, rule }) => from === file && rule.severity === 'error')
      .map(({ rule }) => rule.name)

  it.each(Object.entries(IMPORTS))('reports %s', (rule, [path]) => {
    expect(reported(path)).toContain(rule)
  })

  it.each(Object.keys(NEIGHBOURS).filter((path) => !path.includes('cycle')))(
    'lets %s import what it may',
    (path) => {
      expect(reported(path)).toEqual([])
    },
  )

  it('has no rule that is not proved here, but for the other ranks of rooms', async () => {
    const { default: configuration } = await import(join(root, '.dependency-cruiser.mjs'))
    const names = (configuration.forbidden as { name: string }[]).map(({ name }) => name)
    expect(names.filter((name) => !(name in IMPORTS) && !name.endsWith('-looks-down-only'))).toEqual([])
  })
})
