/**
 * Every variable the program reads, in the order of docs/operating/run.md. What is not here is a mistake where its name
 * begins with BAOHAO_, and somebody else's where it does not.
 */
export interface Setting {
  /** `{BRAND}` stands for a brand's key in capitals. */
  readonly name: string
  /** What holds without it, in words where it is no fixed value. */
  readonly usual: string
  /** `url`: its password is masked; `headers`: nothing of it is shown; `file`: it names a file with a secret. */
  readonly secret?: 'url' | 'headers' | 'file'
  /** What a URL of it must begin with. */
  readonly schemes?: readonly string[]
}

const POSTGRES = ['postgres:', 'postgresql:'] as const
const WEB = ['http:', 'https:'] as const

export const settings: readonly Setting[] = [
  { name: 'BAOHAO_MODE', usual: 'production' },
  { name: 'DATABASE_URL', usual: 'the embedded database', secret: 'url', schemes: POSTGRES },
  { name: 'DATABASE_ADMIN_URL', usual: 'none', secret: 'url', schemes: POSTGRES },
  { name: 'BAOHAO_DATA', usual: '.data' },
  { name: 'BAOHAO_MASTER_KEY_FILE', usual: 'master-key in the data directory', secret: 'file' },
  { name: 'HOST', usual: '127.0.0.1' },
  { name: 'PORT', usual: '3000' },
  { name: 'BAOHAO_TRUSTED_PROXIES', usual: '0' },
  { name: 'BAOHAO_METRICS_HOST', usual: '127.0.0.1' },
  { name: 'BAOHAO_METRICS_PORT', usual: 'none' },
  { name: 'BAOHAO_DRAIN_SECONDS', usual: '0' },
  { name: 'BAOHAO_LOG', usual: 'info; demo warn; test silent' },
  { name: 'BAOHAO_RATES_FILE', usual: 'none; in demo the sandbox’s' },
  { name: 'BAOHAO_ORIGIN_{BRAND}', usual: 'http://127.0.0.1:PORT', schemes: WEB },
  { name: 'BAOHAO_SMS_{BRAND}', usual: 'none', secret: 'url', schemes: ['smpp:', 'smpps:'] },
  { name: 'BAOHAO_MAIL_{BRAND}', usual: 'none', secret: 'url', schemes: ['smtp:', 'smtps:'] },
  { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', usual: 'none', secret: 'url', schemes: WEB },
  { name: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', usual: 'none', secret: 'url', schemes: WEB },
  { name: 'OTEL_EXPORTER_OTLP_HEADERS', usual: 'none', secret: 'headers' },
  { name: 'OTEL_SERVICE_NAME', usual: 'baohao' },
  { name: 'OTEL_TRACES_SAMPLER', usual: 'parentbased_always_on' },
  { name: 'OTEL_TRACES_SAMPLER_ARG', usual: 'none' },
  { name: 'FAILPOINT', usual: 'none' },
]

export type Env = Readonly<Record<string, string | undefined>>

const BRAND_PART = '{BRAND}'
const BRAND_IN_CAPITALS = /^[A-Z][A-Z0-9]{1,20}$/

/** The setting that a variable's name is one of. */
function settingOf(variable: string): Setting | undefined {
  return settings.find(({ name }) => {
    if (!name.endsWith(BRAND_PART)) return name === variable
    const prefix = name.slice(0, -BRAND_PART.length)
    return variable.startsWith(prefix) && BRAND_IN_CAPITALS.test(variable.slice(prefix.length))
  })
}

/** What can be seen to be wrong by names and forms alone; each a sentence. */
export function settingProblems(env: Env): string[] {
  const problems: string[] = []
  for (const [variable, text] of Object.entries(env)) {
    if (text === undefined) continue
    const setting = settingOf(variable)
    if (!setting) {
      if (variable.startsWith('BAOHAO_')) problems.push(unknownVariable(variable))
    } else if (setting.schemes && !isUrlOf(text, setting.schemes)) {
      const forms = setting.schemes.map((scheme) => `${scheme}//`).join(' or ')
      // Its text may hold a password, also where it is no URL.
      problems.push(`${variable} must be a URL that begins with ${forms}`)
    }
  }
  return problems
}

/** The driver's form for a Unix socket, `postgres://role:password@/name?host=/directory`, has no host, which a URL must have. */
function parsed(text: string): URL | null {
  return URL.parse(text.replace('@/', '@socket/'))
}

function isUrlOf(text: string, schemes: readonly string[]): boolean {
  const url = parsed(text)
  return url !== null && schemes.includes(url.protocol)
}

function unknownVariable(variable: string): string {
  const distances = settings.map(({ name }) => ({ name, steps: distanceTo(variable, name) }))
  const [nearest] = distances.sort((a, b) => a.steps - b.steps)
  const meant = nearest && nearest.steps <= MEANT_WITHIN ? `; ${nearest.name} is` : ''
  return `${variable} is not a setting of this version${meant}`
}

/** Farther away than this it is another word, not a slip. */
const MEANT_WITHIN = 3

function distanceTo(variable: string, name: string): number {
  if (!name.endsWith(BRAND_PART)) return editDistance(variable, name)
  // The brand's own part is as it is; only what is before it can be mistaken.
  const parts = variable.split('_')
  return editDistance(`${parts.slice(0, -1).join('_')}_`, name.slice(0, -BRAND_PART.length))
}

/** How many letters must be put in, taken out or changed (Levenshtein). */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** A setting as `--print-config` shows it. */
export interface ShownSetting {
  readonly name: string
  readonly value: string
  readonly source: 'environment' | 'file' | 'default'
}

const MASK = '***'

/** Every setting with its value, secrets masked, and where the value is from. */
export function showSettings(env: Env): ShownSetting[] {
  return settings.flatMap((setting): ShownSetting[] => {
    const set = Object.keys(env).filter(
      (variable) => env[variable] !== undefined && settingOf(variable) === setting,
    )
    if (set.length === 0) return [{ name: setting.name, value: setting.usual, source: 'default' }]
    return set.sort().map((name) => ({
      name,
      value: masked(setting, env[name] as string),
      source: setting.secret === 'file' ? ('file' as const) : ('environment' as const),
    }))
  })
}

function masked({ secret }: Setting, text: string): string {
  if (secret === 'headers') return MASK
  if (secret !== 'url') return text
  const url = parsed(text)
  if (!url) return MASK
  if (url.password !== '') url.password = MASK
  // What is asked for after the `?` may carry a token as well.
  for (const name of [...url.searchParams.keys()]) {
    if (/pass|secret|token|key/i.test(name)) url.searchParams.set(name, MASK)
  }
  return url.href.replace('@socket/', '@/')
}
