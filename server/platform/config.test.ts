import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ConfigProblems, readConfig } from './config.ts'
import { editDistance, settings, showSettings } from './config-settings.ts'

const root = mkdtempSync(join(tmpdir(), 'baohao-config-'))
afterAll(() => rmSync(root, { recursive: true }))

const KEY = '0123456789abcdef'.repeat(4)
const keyFile = join(root, 'key')
writeFileSync(keyFile, `${KEY}\n`)

type Env = Readonly<Record<string, string | undefined>>
let directories = 0
const dataDir = () => join(root, `data-${++directories}`)
const read = (env: Env) => readConfig(env, root)

function problemsOf(env: Env): readonly string[] {
  try {
    read(env)
  } catch (error) {
    if (error instanceof ConfigProblems) return error.problems
    throw error
  }
  return []
}

describe('the configuration', () => {
  it('of production asks for a master key and nothing else', () => {
    expect(read({ BAOHAO_MASTER_KEY_FILE: keyFile })).toEqual({
      mode: 'production',
      dataDir: join(root, '.data'),
      databaseUrl: undefined,
      databaseAdminUrl: undefined,
      host: '127.0.0.1',
      port: 3000,
      masterKey: Buffer.from(KEY, 'hex'),
      secureOrigin: true,
      logLevel: 'info',
      failpoints: '',
      trustedProxies: 0,
      metrics: undefined,
      drainSeconds: 0,
    })
  })

  it('takes what it is told', () => {
    const told = read({
      BAOHAO_MODE: 'test',
      BAOHAO_DATA: 'elsewhere',
      BAOHAO_MASTER_KEY_FILE: keyFile,
      DATABASE_URL: 'postgres://app@db/baohao',
      DATABASE_ADMIN_URL: 'postgres://owner@db/baohao',
      HOST: '0.0.0.0',
      PORT: '8080',
      BAOHAO_LOG: 'debug',
      BAOHAO_TRUSTED_PROXIES: '2',
      BAOHAO_METRICS_PORT: '9464',
      BAOHAO_DRAIN_SECONDS: '5',
      FAILPOINT: 'a.place:1:throw',
    })
    expect(told).toMatchObject({
      mode: 'test',
      dataDir: join(root, 'elsewhere'),
      databaseUrl: 'postgres://app@db/baohao',
      databaseAdminUrl: 'postgres://owner@db/baohao',
      host: '0.0.0.0',
      port: 8080,
      secureOrigin: false,
      logLevel: 'debug',
      failpoints: 'a.place:1:throw',
      trustedProxies: 2,
      metrics: { host: '127.0.0.1', port: 9464 },
      drainSeconds: 5,
    })
  })

  it('names everything that is wrong at once', () => {
    expect(
      problemsOf({
        BAOHAO_MODE: 'prod',
        PORT: 'http',
        BAOHAO_TRUSTED_PROXIES: '-1',
        BAOHAO_LOG: 'loud',
        BAOHAO_METRICS_PORT: '70000',
        BAOHAO_DRAIN_SECONDS: '301',
        BAOHAO_TRUSTED_PROXY: '1',
        BAOHAO_SMSS_LAIKA: 'smpp://laika:never-shown@127.0.0.1',
        BAOHAO_SMS_LAIKA: 'http://laika:never-shown@127.0.0.1',
        BAOHAO_MAIL_HARBOUR: 'never-shown',
        DATABASE_URL: '',
        DATABASE_ADMIN_URL: 'mysql://owner:never-shown@db',
        BAOHAO_FLUX_CAPACITOR: 'on',
        PATH: '/bin',
        FAILPOINT: 'a.place:1:throw',
      }),
    ).toEqual([
      'BAOHAO_MODE must be production, demo or test, not "prod"',
      'PORT must be a whole number up to 65535, not "http"',
      'BAOHAO_TRUSTED_PROXIES must be a whole number up to 100, not "-1"',
      'BAOHAO_DRAIN_SECONDS must be a whole number up to 300, not "301"',
      'BAOHAO_METRICS_PORT must be a whole number up to 65535, not "70000"',
      'BAOHAO_LOG must be trace, debug, info, warn, error, fatal or silent, not "loud"',
      'FAILPOINT is for tests and is refused in production',
      'BAOHAO_TRUSTED_PROXY is not a setting of this version; BAOHAO_TRUSTED_PROXIES is',
      'BAOHAO_SMSS_LAIKA is not a setting of this version; BAOHAO_SMS_{BRAND} is',
      'BAOHAO_SMS_LAIKA must be a URL that begins with smpp:// or smpps://',
      'BAOHAO_MAIL_HARBOUR must be a URL that begins with smtp:// or smtps://',
      'DATABASE_URL must be a URL that begins with postgres:// or postgresql://',
      'DATABASE_ADMIN_URL must be a URL that begins with postgres:// or postgresql://',
      'BAOHAO_FLUX_CAPACITOR is not a setting of this version',
      'BAOHAO_MASTER_KEY_FILE must name a file with 64 hexadecimal digits (openssl rand -hex 32)',
    ])
  })

  it('tells its problems in one message', () => {
    const message = new ConfigProblems(['one', 'two']).message
    expect(message).toBe('The configuration cannot be used:\n  - one\n  - two')
  })

  it.each(['65536', '99999', '3000.5', '', ' 3000', '0x10', '1e3'])('does not take the port %j', (PORT) => {
    expect(problemsOf({ BAOHAO_MASTER_KEY_FILE: keyFile, PORT })).toHaveLength(1)
  })

  it.each(['demo', 'test'])('of %s may arm failpoints, production may not', (BAOHAO_MODE) => {
    const armed = { BAOHAO_MASTER_KEY_FILE: keyFile, FAILPOINT: 'a.place:1:throw' }
    expect(problemsOf({ ...armed, BAOHAO_MODE })).toEqual([])
    expect(problemsOf({ ...armed, BAOHAO_MODE: 'production' })).toHaveLength(1)
  })
})

describe('the master key', () => {
  it('of demo and test is made once, for the owner’s eyes only', () => {
    const BAOHAO_DATA = dataDir()
    const first = read({ BAOHAO_MODE: 'demo', BAOHAO_DATA })
    const again = read({ BAOHAO_MODE: 'test', BAOHAO_DATA })
    expect(first.masterKey).toHaveLength(32)
    expect(again.masterKey).toEqual(first.masterKey)
    expect(statSync(join(BAOHAO_DATA, 'master-key')).mode & 0o777).toBe(0o600)
    expect(statSync(BAOHAO_DATA).mode & 0o777).toBe(0o711)
    expect(read({ BAOHAO_MODE: 'demo', BAOHAO_DATA: dataDir() }).masterKey).not.toEqual(first.masterKey)
  })

  it('of production is never made', () => {
    const BAOHAO_DATA = dataDir()
    expect(problemsOf({ BAOHAO_DATA })).toHaveLength(1)
    expect(problemsOf({ BAOHAO_DATA, BAOHAO_MODE: 'prod' })).toHaveLength(2)
    expect(() => statSync(BAOHAO_DATA)).toThrow('ENOENT')
  })

  it.each<[string, string]>([
    ['is too short', KEY.slice(1)],
    ['is too long', `${KEY}0`],
    ['is no hexadecimal number', KEY.replace('0', 'g')],
    ['is empty', ''],
  ])('that %s is refused', (_, text) => {
    const file = join(root, 'bad-key')
    writeFileSync(file, text)
    expect(problemsOf({ BAOHAO_MASTER_KEY_FILE: file })).toEqual([
      `the master key file ${file} must hold 64 hexadecimal digits`,
    ])
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('that is not there, or is no file, is a problem and no crash', () => {
    const directory = join(root, 'a-directory')
    mkdirSync(directory)
    chmodSync(directory, 0o700)
    expect(problemsOf({ BAOHAO_MASTER_KEY_FILE: join(root, 'none') })).toEqual([
      expect.stringMatching(/none cannot be read: ENOENT/),
    ])
    expect(problemsOf({ BAOHAO_MASTER_KEY_FILE: directory })).toEqual([
      expect.stringMatching(/a-directory cannot be read: EISDIR/),
    ])
  })
})

describe('the settings shown', () => {
  const shown = (env: Env) =>
    new Map(showSettings(env).map(({ name, value, source }) => [name, `${value} (${source})`]))

  it('say where each value is from, and show no secret', () => {
    const secret = 'never-shown'
    const all = shown({
      BAOHAO_MODE: 'demo',
      DATABASE_URL: `postgres://baohao_app:${secret}@/baohao?host=%2Frun%2Fpg`,
      DATABASE_ADMIN_URL: `not a url with ${secret}`,
      BAOHAO_MASTER_KEY_FILE: '/etc/baohao/master-key',
      BAOHAO_SMS_LAIKA: `smpp://laika:${secret}@smsc:2775?window=20`,
      BAOHAO_SMS_HARBOUR: `smpps://harbour:${secret}@smsc`,
      OTEL_EXPORTER_OTLP_ENDPOINT: `https://otel?api-key=${secret}`,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=${secret}`,
      SOMETHING_ELSE: secret,
    })
    expect(JSON.stringify([...all])).not.toContain(secret)
    expect(all.get('BAOHAO_MODE')).toBe('demo (environment)')
    expect(all.get('PORT')).toBe('3000 (default)')
    expect(all.get('BAOHAO_MASTER_KEY_FILE')).toBe('/etc/baohao/master-key (file)')
    expect(all.get('DATABASE_URL')).toBe('postgres://baohao_app:***@/baohao?host=%2Frun%2Fpg (environment)')
    expect(all.get('DATABASE_ADMIN_URL')).toBe('*** (environment)')
    expect(all.get('BAOHAO_SMS_HARBOUR')).toBe('smpps://harbour:***@smsc (environment)')
    expect(all.get('BAOHAO_SMS_LAIKA')).toBe('smpp://laika:***@smsc:2775?window=20 (environment)')
    expect(all.get('BAOHAO_MAIL_{BRAND}')).toBe('none (default)')
  })

  it('stand in the documentation, all of them', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/operating/run.md'), 'utf8')
    for (const { name } of settings) expect(page).toContain(`\`${name}\``)
  })

  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['BAOHAO_LOGS', 'BAOHAO_LOG', 1],
  ])('%j is as many letters from %j as must change', (a, b, steps) => {
    expect(editDistance(a, b)).toBe(steps)
    expect(editDistance(b, a)).toBe(steps)
  })
})
