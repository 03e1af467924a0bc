import type { Rule } from './rule.ts'
import type { TreeFile } from './tree.ts'

interface Package {
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface Lock {
  readonly packages?: Readonly<
    Record<
      string,
      {
        readonly version?: string
        readonly integrity?: string
        readonly resolved?: string
        /** Inside its parent's archive, whose hash covers it. */
        readonly inBundle?: boolean
        readonly optionalDependencies?: Readonly<Record<string, string>>
      }
    >
  >
}

function json<T>(tree: readonly TreeFile[], path: string): T {
  const text = tree.find((file) => file.path === path)?.text
  if (text === undefined) throw new Error(`${path} is missing`)
  return JSON.parse(text) as T
}

const pack = (value: Package): TreeFile => ({ path: 'package.json', text: JSON.stringify(value) })
const lock = (packages: Lock['packages']): TreeFile => ({
  path: 'package-lock.json',
  text: JSON.stringify({ packages }),
})

const EXACT = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/

const exact: Rule = {
  sentence: 'package.json names exact versions.',
  find(tree) {
    const { dependencies, devDependencies, optionalDependencies } = json<Package>(tree, 'package.json')
    return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter(([, version]) => !EXACT.test(version))
      .map(([name, version]) => `${name} ${version}`)
  },
  planted: [
    pack({
      dependencies: { a: '^1.0.0', b: '1.2.3' },
      devDependencies: { c: 'latest', d: '1.x' },
      optionalDependencies: { e: '18.4.0-beta.17', f: 'git+https://example.org/f.git' },
    }),
  ],
  plantedOffenders: 4,
}

const MOST_DEPENDENCIES = 48

const few: Rule = {
  sentence: `At most ${MOST_DEPENDENCIES} direct runtime dependencies, platform binaries apart.`,
  find(tree) {
    const names = Object.keys(json<Package>(tree, 'package.json').dependencies ?? {})
    return names.slice(MOST_DEPENDENCIES)
  },
  planted: [
    pack({
      dependencies: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`package-${i}`, '1.0.0'])),
    }),
  ],
  plantedOffenders: 2,
}

const INSTALL = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare']

const noInstallScript: Rule = {
  sentence: 'Installing runs nothing: no install script of ours, and none of a dependency’s is let run.',
  find(tree) {
    const scripts = Object.keys(json<Package>(tree, 'package.json').scripts ?? {})
    const npmrc = tree.find((file) => file.path === '.npmrc')?.text ?? ''
    return [
      ...scripts.filter((name) => INSTALL.includes(name)),
      ...(/^ignore-scripts=true$/m.test(npmrc) ? [] : ['.npmrc lets dependencies run scripts']),
    ]
  },
  planted: [pack({ scripts: { postinstall: 'x', start: 'y' } })],
  plantedOffenders: 2,
}

const integrity: Rule = {
  sentence: 'The lockfile has a hash for everything it installs, and no address.',
  find(tree) {
    const entries = Object.entries(json<Lock>(tree, 'package-lock.json').packages ?? {})
    return entries.flatMap(([path, { version, integrity: hash, resolved, inBundle }]) => [
      ...(path !== '' && version !== undefined && !inBundle && !/^sha512-/.test(hash ?? '')
        ? [`${path} has no sha512`]
        : []),
      ...(resolved !== undefined ? [`${path} has an address`] : []),
    ])
  },
  planted: [
    lock({
      '': { version: '0.1.0' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '1.0.0', integrity: 'sha1-x' },
      'node_modules/c': { version: '1.0.0', integrity: 'sha512-x', resolved: 'https://example.org/c' },
      'node_modules/d': { version: '1.0.0', integrity: 'sha512-x' },
    }),
  ],
  plantedOffenders: 3,
}

/** Without them `npm ci` refuses the lockfile on every machine; an install that could not find one leaves it out in silence. */
const whole: Rule = {
  sentence: 'The lockfile holds the packages of every platform.',
  find(tree) {
    const packages = json<Lock>(tree, 'package-lock.json').packages ?? {}
    const known = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')))
    return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !known.has(name))
        .map((name) => `${path} lacks ${name}`),
    )
  },
  planted: [
    lock({
      'node_modules/a': {
        version: '1.0.0',
        optionalDependencies: { '@a/linux': '1.0.0', '@a/mars': '1.0.0' },
      },
      'node_modules/@a/linux': { version: '1.0.0' },
    }),
  ],
  plantedOffenders: 1,
}

export const packageRules: readonly Rule[] = [exact, few, noInstallScript, integrity, whole]
