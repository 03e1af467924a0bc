import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { inflate } from '@sparticuz/chromium'
import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'

const require = createRequire(import.meta.url)
const cache = join(import.meta.dirname, '../../node_modules/.cache')

/** Chromium unpacked for this user, with the libraries and fonts it needs: nothing of it comes from the machine. */
interface Unpacked {
  readonly executable: string
  readonly env: Readonly<Record<string, string>>
}

let unpacked: Promise<Unpacked> | undefined

/**
 * Starts Chromium from npm on a machine that has nothing but Node: headless shell, as root or an ordinary user. Each user has
 * an unpacked copy of their own, shared by their test runs. The caller closes the browser.
 */
export async function launchBrowser(): Promise<Browser> {
  unpacked ??= unpack()
  const { executable, env } = await unpacked
  return chromium.launch({
    executablePath: executable,
    // Containers forbid Chromium's own sandbox; the package's other flags break it (one process, no web security). No script
    // here runs long enough to earn back what its optimising costs: axe takes four fifths of the time without.
    args: ['--no-sandbox', '--js-flags=--no-opt --no-maglev'],
    env: { ...process.env, ...env },
  })
}

async function unpack(): Promise<Unpacked> {
  const home = join(cache, `chromium-${packageVersion('@sparticuz/chromium')}-${process.getuid?.() ?? 0}`)
  if (!existsSync(home)) await unpackInto(home)
  const executable = join(home, 'chromium')
  const env: Record<string, string> = { FONTCONFIG_FILE: writeFontConfig(home) }
  if (lacksLibraries(executable)) env.LD_LIBRARY_PATH = join(home, 'al2023', 'lib')
  return { executable, env }
}

function packageVersion(name: string): string {
  return require(join(dirname(require.resolve(name)), '../package.json')).version
}

/** Unpacks beside `home` and renames: test files that start together never see half a Chromium, and the first one wins. */
async function unpackInto(home: string): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const staging = mkdtempSync(`${home}-`)
  const archives = join(dirname(require.resolve('@sparticuz/chromium')), '../bin')
  // The package unpacks to the temporary directory of the process, which it asks for at each call.
  const machineTmp = process.env.TMPDIR
  process.env.TMPDIR = staging
  try {
    await Promise.all(
      ['chromium.br', 'swiftshader.tar.br', 'al2023.tar.br'].map((archive) =>
        inflate(join(archives, archive)),
      ),
    )
  } finally {
    if (machineTmp === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = machineTmp
  }
  chmodSync(join(staging, 'chromium'), 0o700)
  try {
    renameSync(staging, home)
  } catch (error) {
    rmSync(staging, { recursive: true, force: true })
    if (!existsSync(home)) throw error
  }
}

/** Asks the dynamic loader itself, as ldd does, because a bare machine may lack ldd. */
function lacksLibraries(executable: string): boolean {
  const env = { ...process.env, LD_TRACE_LOADED_OBJECTS: '1' }
  return execFileSync(executable, { env, encoding: 'utf8' }).includes('not found')
}

/** The one font of the test browser, so that Chinese shows and screenshots look alike on every machine. */
function writeFontConfig(home: string): string {
  const fonts = dirname(require.resolve('@expo-google-fonts/noto-sans-sc/package.json'))
  const file = join(home, 'fonts.conf')
  const weights = ['400Regular', '500Medium', '600SemiBold']
  writeFileSync(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
${weights.map((weight) => `  <dir>${join(fonts, weight)}</dir>`).join('\n')}
  <cachedir>${join(home, 'font-cache')}</cachedir>
</fontconfig>
`,
  )
  return file
}

/** One thing axe found, with the elements it found it on. */
export interface Violation {
  readonly rule: string
  readonly help: string
  readonly elements: readonly string[]
}

/** The rules of axe that look at colours; all others are blind to them. */
const colourRules = ['color-contrast', 'link-in-text-block']

/**
 * Runs axe over the page as it stands: every rule of WCAG 2.2 A and AA, best practices and experimental ones; only rules of
 * level AAA and retired ones are not ours to keep. Works under a content policy that forbids inline scripts. `colour`: only the
 * rules that look at colours.
 */
export async function axeCheck(page: Page, rules: 'all' | 'colour' = 'all'): Promise<readonly Violation[]> {
  const only = rules === 'colour' ? colourRules : null
  const found = await page.evaluate(runAxe, only)
  if (found) return found
  await page.evaluate(axe.source)
  return (await page.evaluate(runAxe, only)) ?? []
}

/** Runs in the page; null where axe is not there yet. */
async function runAxe(only: readonly string[] | null): Promise<readonly Violation[] | null> {
  const { axe: runner } = globalThis as unknown as { axe?: typeof axe }
  if (!runner) return null
  // What still fades in has not its own colours yet; what turns for ever is not waited for.
  const passing = document
    .getAnimations()
    .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
  await Promise.allSettled(passing.map(({ finished }) => finished))
  const ours = runner
    .getRules()
    .filter(
      ({ tags }) =>
        !tags.some((tag) => tag.endsWith('aaa') || tag === 'deprecated' || tag.endsWith('-obsolete')),
    )
    .map(({ ruleId }) => ruleId)
  const { violations } = await runner.run(document, {
    runOnly: { type: 'rule', values: [...(only ?? ours)] },
    resultTypes: ['violations'],
  })
  return violations.map(({ id, help, nodes }) => ({
    rule: id,
    help,
    elements: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`),
  }))
}

/**
 * A picture of the whole page, or of what the window shows while a dialog is open. The window is made as tall as the page,
 * so that what keeps to its edges stands at the page's, and stays so.
 */
export async function picture(page: Page): Promise<Buffer> {
  const size = page.viewportSize()
  const tall = await page.evaluate(() =>
    document.querySelector('dialog[open]') ? 0 : document.documentElement.scrollHeight,
  )
  if (size && tall > size.height) await page.setViewportSize({ width: size.width, height: tall })
  return page.screenshot({ animations: 'disabled', caret: 'hide' })
}

/** With PICTURES=1 keeps a picture for people to look at, in `node_modules/.cache/screenshots/<name>.png`. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (process.env.PICTURES !== '1') return
  mkdirSync(join(cache, 'screenshots'), { recursive: true })
  const size = page.viewportSize()
  writeFileSync(join(cache, 'screenshots', `${name}.png`), await picture(page))
  if (size) await page.setViewportSize(size)
}
