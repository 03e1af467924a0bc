import ts from 'typescript'
import type { Rule } from './rule.ts'
import { isTest, type TreeFile } from './tree.ts'

interface Parsed {
  readonly source: ts.SourceFile
  /** Every node, parents first. */
  readonly nodes: readonly ts.Node[]
}

const parsed = new WeakMap<TreeFile, Parsed>()

/** Files of this run are parsed and walked once, whatever number of rules reads them. */
function parse(file: TreeFile): Parsed {
  const known = parsed.get(file)
  if (known) return known
  const kind = file.path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2024, true, kind)
  const nodes: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  visit(source)
  parsed.set(file, { source, nodes })
  return { source, nodes }
}

const isTypeScript = (path: string) => /\.tsx?$/.test(path)

/** Makes a rule of what one node of the syntax tree says; `judge` answers what is wrong with it, else undefined. */
function syntaxRule(
  sentence: string,
  applies: (path: string) => boolean,
  judge: (node: ts.Node, source: ts.SourceFile, path: string) => string | undefined,
  planted: readonly TreeFile[],
  plantedOffenders: number,
): Rule {
  const find = (tree: readonly TreeFile[]) =>
    tree
      .filter(({ path }) => isTypeScript(path) && applies(path))
      .flatMap((file) => {
        const { source, nodes } = parse(file)
        const found: string[] = []
        for (const node of nodes) {
          const wrong = judge(node, source, file.path)
          if (wrong !== undefined) found.push(`${file.path}:${lineOf(node, source)} ${wrong}`)
        }
        return found
      })
  return { sentence, find, planted, plantedOffenders }
}

function lineOf(node: ts.Node, source: ts.SourceFile): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
}

const MOST_FUNCTION_LINES = 70

/** A callback of `describe` is a chapter with tests in it, not a function. */
function isChapter(node: ts.Node): boolean {
  const call = node.parent
  return ts.isCallExpression(call) && /^describe\b/.test(call.expression.getText())
}

const functionLength = syntaxRule(
  `A function has at most ${MOST_FUNCTION_LINES} lines.`,
  () => true,
  (node, source) => {
    if (!ts.isFunctionLike(node) || isChapter(node)) return undefined
    const lines = source.getLineAndCharacterOfPosition(node.end).line + 2 - lineOf(node, source)
    return lines > MOST_FUNCTION_LINES ? `${lines} lines` : undefined
  },
  [
    { path: 'server/a.ts', text: `function long() {\n${'1\n'.repeat(MOST_FUNCTION_LINES - 1)}}` },
    { path: 'server/b.ts', text: `function fits() {\n${'1\n'.repeat(MOST_FUNCTION_LINES - 2)}}` },
    { path: 'server/c.test.ts', text: `describe('x', () => {\n${'1\n'.repeat(100)}})` },
  ],
  1,
)

/** Who reads the machine's time; everything else is told it. The pages' clock follows the server's. */
const CLOCKS = ['server/platform/clock.ts', 'sandbox/clock.ts', 'web/device/server-clock.ts']
const PRODUCT = /^(contract|server|i18n)\//

const time = syntaxRule(
  'Only the clocks make a Date or read the machine’s time.',
  (path) => !CLOCKS.includes(path),
  (node, source, path) => {
    if (ts.isPropertyAccessExpression(node)) {
      const text = node.getText(source)
      if (/^(Date\.now|Temporal\.Now)$/.test(text)) return text
      return text === 'performance.now' && PRODUCT.test(path) && !isTest(path) ? text : undefined
    }
    const reads = ts.isNewExpression(node) || ts.isCallExpression(node)
    if (!reads || node.expression.getText(source) !== 'Date') return undefined
    // A test may write a fixed instant down as the driver reads it.
    return isTest(path) && node.arguments?.length ? undefined : node.getText(source)
  },
  [
    {
      path: 'server/a.ts',
      text: 'new Date(); new Date(0); Date(); Date.now(); performance.now(); Temporal.Now.instant()',
    },
    { path: 'test/a.ts', text: 'new Date(); new Date(0); Date.now(); performance.now()' },
    { path: 'sandbox/clock.ts', text: 'Date.now()' },
  ],
  8,
)

const floats = syntaxRule(
  'No parseFloat and no toFixed: money is bigint, and pages format it with Intl.',
  () => true,
  (node) =>
    ts.isIdentifier(node) && (node.text === 'parseFloat' || node.text === 'toFixed') ? node.text : undefined,
  [{ path: 'web/a.tsx', text: 'parseFloat("1"); Number.parseFloat("1"); (1).toFixed(2); "toFixed"' }],
  3,
)

const MONEY = /amount|price|minor|balance|face|bonus|commission|captured|refunded|credit|cost|fee\b/i

const moneyAsNumber = syntaxRule(
  'Money never becomes a JavaScript number.',
  (path) => !isTest(path),
  (node, source) => {
    if (!ts.isCallExpression(node)) return undefined
    const called = node.expression.getText(source)
    if (called !== 'Number' && called !== 'Number.parseInt' && called !== 'parseInt') return undefined
    const line = source.text.split('\n')[lineOf(node, source) - 1] ?? ''
    return MONEY.test(line) || MONEY.test(node.getText(source)) ? node.getText(source) : undefined
  },
  [
    {
      path: 'server/a.ts',
      text: 'Number(order.priceMinor)\nconst balance = Number(x)\nNumber.parseInt(amount, 10)\nNumber(days)',
    },
  ],
  3,
)

const exit = syntaxRule(
  'Only the two programs’ main files end the process.',
  (path) => path !== 'server/main.ts' && path !== 'sandbox/main.ts',
  (node, source) =>
    ts.isPropertyAccessExpression(node) && node.getText(source) === 'process.exit'
      ? 'process.exit'
      : undefined,
  [
    { path: 'server/a.ts', text: 'process.exit(1)\nprocess.exitCode = 1' },
    { path: 'server/main.ts', text: 'process.exit(1)' },
  ],
  1,
)

/** Each with its reason. */
const MAY_SAY_ANY: Readonly<Record<string, string>> = {
  'sandbox/testing/world.ts': 'the shape of an answer differs by call; tests say what they expect of it',
  'test/support/visitor.ts': 'tests look into bodies of every kind',
}

const any = syntaxRule(
  'Nothing is of type any.',
  (path) => !(path in MAY_SAY_ANY),
  (node) => (node.kind === ts.SyntaxKind.AnyKeyword ? 'any' : undefined),
  [{ path: 'server/a.ts', text: 'const a: any = 1; const b = 1 as any; const any = "any"' }],
  2,
)

/** What the glossary calls it instead. `bucket` is a word of the TM Forum's, and theirs alone. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['subscription', 'line'],
  ['recharge', 'top-up'],
  ['refill', 'top-up'],
  ['customer', 'subscriber'],
  ['bucket', 'lot or allowance'],
  ['sku', 'offer'],
  ['chargeback', 'charge-back, as chargeBack'],
])

function isDeclared(node: ts.Node): node is ts.Identifier {
  return ts.isIdentifier(node) && 'name' in node.parent && node.parent.name === node && !isAccess(node.parent)
}

function isAccess(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) || ts.isImportSpecifier(node)
}

const words = syntaxRule(
  'Names use the words of the glossary.',
  (path) => !path.startsWith('server/standards/'),
  (node) => {
    if (!isDeclared(node)) return undefined
    const parts = node.text.split(/(?=[A-Z])|_/).map((part) => part.toLowerCase().replace(/s$/, ''))
    const wrong = parts.find((part) => WORDS.has(part))
    return wrong === undefined ? undefined : `${node.text}: say ${WORDS.get(wrong)}`
  },
  [
    {
      path: 'server/a.ts',
      text: 'interface Subscription { customerId: string }\nfunction recharge(bucket: 1) { bucket.sku }\nconst chargebacks = 1',
    },
    { path: 'server/standards/tmf.ts', text: 'interface Bucket { id: string }' },
  ],
  5,
)

const SQL = /^\s*(select|insert|update|delete|with|lock|set|truncate)\s/i
/** A transaction's own setting, not a statement about a room's tables. */
const MAY_SAY_SQL = ['server/fsck.ts']

const sql = syntaxRule(
  'SQL stands in stores, and is written in lower case.',
  (path) => path.startsWith('server/'),
  (node, source, path) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined
    const [text] = node.arguments
    if (!/^(query|send)$/.test(node.expression.name.text) || !text || !ts.isStringLiteralLike(text))
      return undefined
    if (!SQL.test(text.text)) return undefined
    if (/^\s*[A-Z]/.test(text.text)) return 'upper case'
    const stands = /(^|[/-])store\.ts$|^server\/platform\//.test(path) || isTest(path)
    return stands || MAY_SAY_SQL.includes(path) ? undefined : `${node.expression.getText(source)}(…)`
  },
  [
    { path: 'server/topup/settle.ts', text: 'tx.query("select 1"); tx.send(`insert into x`)' },
    { path: 'server/topup/store.ts', text: 'tx.query("select 1"); tx.query("SELECT 1")' },
    { path: 'server/identity/routes.ts', text: 'visit.send("POST", "/v1/codes")' },
  ],
  3,
)

const alone = syntaxRule(
  'No test is run alone.',
  isTest,
  (node, source) =>
    ts.isPropertyAccessExpression(node) && /^(it|test|describe)\.only\b/.test(node.getText(source))
      ? node.getText(source)
      : undefined,
  [{ path: 'server/a.test.ts', text: 'it.only("x", () => {}); it("y", () => {})' }],
  1,
)

export const syntaxRules: readonly Rule[] = [
  functionLength,
  time,
  floats,
  moneyAsNumber,
  exit,
  any,
  words,
  sql,
  alone,
]
