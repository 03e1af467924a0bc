import { matches, type Rule } from './rule.ts'
import type { TreeFile } from './tree.ts'

const file = (path: string, text = ''): TreeFile => ({ path, text })
const lines = (text: string) => text.replace(/\n$/, '').split('\n').length
const everywhere = () => true
/** Licences and lists of addresses are not ours to word. */
const isOurs = (path: string) => path !== 'package-lock.json' && path !== 'LICENSE'

const MOST_LINES = 400
/** Written by a program, and compared with what it writes by a test. */
const isGenerated = (path: string) =>
  path === 'examples/client/schema.ts' || path === 'docs/reference/commands.md'
const fileLength: Rule = {
  sentence: `A file has at most ${MOST_LINES} lines.`,
  find: (tree) =>
    tree
      .filter(
        ({ path, text }) =>
          /\.(tsx?|m?js|md|sql|css|html)$/.test(path) && lines(text) > MOST_LINES && !isGenerated(path),
      )
      .map(({ path, text }) => `${path} ${lines(text)} lines`),
  planted: [
    file('a.ts', '\n'.repeat(401)),
    file('b.sql', '\n'.repeat(400)),
    file('c.json', '\n'.repeat(999)),
  ],
  plantedOffenders: 1,
}

/** Names that others gave: language tags, and the documents every repository has. */
const GIVEN =
  /^(zh-CN|LICENSE|NOTICE|README\.md|ARCHITECTURE\.md|STYLE\.md|CHANGELOG\.md|ROADMAP\.md|\d{4}_[a-z-]+\.sql)$/
const KEBAB = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/

const names: Rule = {
  sentence: 'Files and folders are named in kebab-case.',
  find: (tree) =>
    tree
      .filter(({ path }) => path.split('/').some((name) => !KEBAB.test(name) && !GIVEN.test(name)))
      .map(({ path }) => path),
  planted: [
    file('server/topUp.ts'),
    file('web/Button.tsx'),
    file('docs/some_thing.md'),
    file('Tools/a.ts'),
    file('web/ui/number-plan.test.ts'),
    file('migrations/0001_house.sql'),
    file('i18n/zh-CN/a.json'),
    file('.npmrc'),
  ],
  plantedOffenders: 4,
}

const drawers: Rule = {
  sentence: 'No folder is called utils, common, shared, helpers or lib: a thing stands where its noun is.',
  find: (tree) =>
    tree
      .filter(({ path }) => /(^|\/)(utils?|common|shared|helpers?|libs?|misc)\//.test(path))
      .map(({ path }) => path),
  planted: [file('server/utils/a.ts'), file('web/shared/b.ts'), file('server/topup/settle.ts')],
  plantedOffenders: 2,
}

const later: Rule = {
  sentence: 'Nothing is left for later: ROADMAP.md is the list of what is to come.',
  find: (tree) => matches(tree, isOurs, /\b(T[O]DO|FIX[M]E|HA[C]K)\b/g),
  planted: [file('a.ts', '// \x54ODO: finish'), file('b.sql', '-- \x46IXME'), file('c.md', 'to do it well')],
  plantedOffenders: 2,
}

/** Both ends of a room's README: it exists, and one screen holds it. */
const MOST_README_LINES = 60
/** `demo` and `commands` compose rooms as `house.ts` does; `platform` has a door for each thing in it, and no domain word. */
const WITHOUT_DOOR = ['platform', 'demo', 'commands']

const rooms: Rule = {
  sentence: `Every room of the server has an index.ts and a README.md of at most ${MOST_README_LINES} lines.`,
  find(tree) {
    const paths = new Map(tree.map(({ path, text }) => [path, text]))
    const found = [...paths.keys()].flatMap((path) => /^server\/([^/]+)\//.exec(path)?.[1] ?? [])
    return [...new Set(found)].flatMap((room) => {
      const readme = paths.get(`server/${room}/README.md`)
      const length = readme === undefined ? 0 : lines(readme)
      return [
        ...(readme === undefined && room !== 'demo' ? [`server/${room} has no README.md`] : []),
        ...(length > MOST_README_LINES ? [`server/${room}/README.md has ${length} lines`] : []),
        ...(WITHOUT_DOOR.includes(room) || paths.has(`server/${room}/index.ts`)
          ? []
          : [`server/${room} has no index.ts`]),
      ]
    })
  },
  planted: [
    file('server/a/index.ts'),
    file('server/b/README.md'),
    file('server/c/index.ts'),
    file('server/c/README.md', 'x\n'.repeat(61)),
    file('server/platform/db.ts'),
    file('server/platform/README.md'),
  ],
  plantedOffenders: 3,
}

const SCHEMA_SNAPSHOT = 'migrations/schema.snapshot.txt'

const migrations: Rule = {
  sentence: 'A migration’s first line names the room that owns its tables, and its number is its own.',
  find(tree) {
    const seen = new Map<string, string>()
    return tree.flatMap(({ path, text }) => {
      const [, folder, number] = /^(migrations\/(?:platform\/)?)(\d{4})_[a-z-]+\.sql$/.exec(path) ?? []
      if (number === undefined)
        return path.startsWith('migrations/') && path !== SCHEMA_SNAPSHOT
          ? [`${path} is not named 0001_room.sql`]
          : []
      const twin = seen.get(`${folder}${number}`)
      seen.set(`${folder}${number}`, path)
      const room = /^-- owner: ([a-z-]+)\n/.exec(text)?.[1]
      const exists = tree.some((other) => other.path.startsWith(`server/${room}/`))
      return [
        ...(twin ? [`${path} and ${twin} have one number`] : []),
        ...(exists ? [] : [`${path} names no room as its owner`]),
      ]
    })
  },
  planted: [
    file('server/topup/index.ts'),
    file('migrations/0001_topup.sql', '-- owner: topup\n'),
    file('migrations/0001_again.sql', '-- owner: topup\n'),
    file('migrations/0002_none.sql', 'create table x ()'),
    file('migrations/0003_stranger.sql', '-- owner: nobody\n'),
    file('migrations/notes.txt'),
    file(SCHEMA_SNAPSHOT),
    file('migrations/platform/0001_platform.sql', '-- owner: topup\n'),
  ],
  plantedOffenders: 4,
}

const fonts: Rule = {
  sentence: 'Pages use the fonts of the system: no font file, no @font-face.',
  find: (tree) => [
    ...tree.filter(({ path }) => /^web\/.*\.(ttf|otf|woff2?)$/.test(path)).map(({ path }) => path),
    ...matches(
      tree,
      (path) => /^web\/.*\.(css|tsx?|html)$/.test(path),
      /@font-face|@expo-google-fonts|fonts\.googleapis/g,
    ),
  ],
  planted: [file('web/ui/noto.woff2'), file('web/ui/tokens.css', '@font-face {}'), file('test/noto.ttf')],
  plantedOffenders: 2,
}

const links: Rule = {
  sentence: 'A link between our documents leads to a file.',
  find(tree) {
    const paths = new Set(tree.map(({ path }) => path))
    const has = (path: string) => paths.has(path) || [...paths].some((one) => one.startsWith(`${path}/`))
    return tree
      .filter(({ path }) => path.endsWith('.md'))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
          .map(([, target = '']) => new URL(target, `file:///${path}`).pathname.slice(1).replace(/\/$/, ''))
          .filter((target) => !has(target))
          .map((target) => `${path} links to ${target}`),
      )
  },
  planted: [
    file('docs/a.md', '[b](b.md) [c](../c.md#d) [e](https://example.org) [dir](../docs/)'),
    file('c.md'),
  ],
  plantedOffenders: 1,
}

const ADR = /^docs\/adr\/(\d{4})-[a-z0-9-]+\.md$/
const MOST_ADR_LINES = 60

const decisions: Rule = {
  sentence: 'A decision is one page with a number of its own, and names the alternatives.',
  find(tree) {
    const adrs = tree.filter(({ path }) => path.startsWith('docs/adr/') && !path.endsWith('README.md'))
    const numbers = adrs.map(({ path }) => ADR.exec(path)?.[1])
    return adrs.flatMap(({ path, text }, i) => [
      ...(numbers[i] === undefined || numbers.indexOf(numbers[i]) !== i
        ? [`${path} has no number of its own`]
        : []),
      ...(lines(text) > MOST_ADR_LINES ? [`${path} is longer than a page`] : []),
      ...(text.includes('\n## Alternatives\n') ? [] : [`${path} names no alternatives`]),
    ])
  },
  planted: [
    file('docs/adr/0001-one.md', '# One\n\n## Alternatives\n'),
    file('docs/adr/0001-two.md', `# Two\n\n## Alternatives\n${'x\n'.repeat(60)}`),
    file('docs/adr/three.md', '# Three\n'),
  ],
  plantedOffenders: 4,
}

/** Of a machine somebody worked on, not of a machine the program runs on. */
const placesOfAMachine = new RegExp(`(?<![\\w.~/-])/(${['work', 'root', 'home'].join('|')})/[\\w.-]+`, 'g')
const registryHosts = /^\s*registry\s*=.*|https?:\/\/(?:registry|npm|proxy)\.[^\s"'`)]*/gm

const places: Rule = {
  sentence: 'No file names a package registry or a path of one machine.',
  find: (tree) => [...matches(tree, everywhere, placesOfAMachine), ...matches(tree, isOurs, registryHosts)],
  planted: [
    file('a.ts', `const dir = '/${'home'}/someone/project'`),
    file('b.json', `"resolved": "https://${'registry'}.example.org/left-pad"`),
    file('.npmrc', `registry${'='}https://example.org/`),
    file('c.md', 'the home page, `/work` and web/home/x.ts'),
  ],
  plantedOffenders: 3,
}

/** Written so that the patterns do not find themselves. */
const secretForms = [
  /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{32,}/,
  /\bMII[EJ][A-Za-z0-9+/]{100,}/,
  /\bbh_[a-z][a-z0-9]{1,20}_[0-9A-Za-z]{20,}_[0-9A-Za-z_-]{20,}/,
  /\b(?:AKIA|ghp_|glpat-|npm_|sk_live_|xox[bp]-)[0-9A-Za-z_-]{16,}/,
  /\b(?:password|secret|token)["']?\s*[:=]\s*["'][A-Za-z0-9+/_-]{24,}["']/i,
]

const secrets: Rule = {
  sentence: 'No file holds a secret.',
  find: (tree) =>
    secretForms.flatMap((form) =>
      matches(tree, (path) => path !== 'package-lock.json', new RegExp(form, `${form.flags}g`)),
    ),
  planted: [
    file('a.pem', `-----BEGIN PRIVATE ${'KEY'}-----\n${'A'.repeat(64)}`),
    file('b.ts', `key('${'MIIE'}${'A'.repeat(200)}')`),
    file('c.md', `${'bh_'}laika_${'0'.repeat(26)}_${'x'.repeat(43)}`),
    file('d.ts', `${'ghp_'}${'x'.repeat(36)}`),
    file('e.json', `{ "pass${'word'}": "${'x'.repeat(32)}" }`),
    file('f.ts', "const token = request.cookies[cookieName(request.brand.key)]; password: 'short-one'"),
  ],
  plantedOffenders: 5,
}

export const treeRules: readonly Rule[] = [
  fileLength,
  names,
  drawers,
  later,
  rooms,
  migrations,
  fonts,
  links,
  decisions,
  places,
  secrets,
]
