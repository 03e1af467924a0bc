import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import en from '../../i18n/en/demo.json' with { type: 'json' }
import zhCN from '../../i18n/zh-CN/demo.json' with { type: 'json' }
import type { Brand } from '../brand/index.ts'
import { type DemoBrand, isDemoBrand } from './habits.ts'
import { DEMO_PASSWORD, demoPeople, type Person } from './people.ts'
import { demoMsisdn } from './seed.ts'

type Both = Readonly<Record<'zh-CN' | 'en', string>>
type Stage = keyof typeof en.stage
type Story = keyof typeof en.people
type Thing = keyof typeof en.try

/** Whose numbers stand how, by their place among the brand's first lines: more than one, as one may be used up. */
const STANDING: Readonly<Record<DemoBrand, readonly (readonly [Stage, readonly number[]])[]>> = {
  laika: [
    ['active', [0, 1, 2, 12, 13, 14]],
    ['last-days', [5, 6, 17, 18]],
    ['outbound-barred', [7, 19, 31, 43]],
    ['fully-barred', [8, 20, 32, 44]],
    ['quarantined', [9, 21, 33, 45]],
    ['pre-active', [80, 120, 160, 200]],
    ['ceased', [69, 92, 115, 138]],
  ],
  harbour: [
    ['active', [0, 1, 2, 12, 13, 14]],
    ['last-days', [5, 6, 17, 18]],
    ['pre-active', [80, 120, 160, 200]],
    ['ceased', [7, 8, 9, 19]],
  ],
}

const COMMANDS: Partial<Record<Thing, string>> = {
  clock: 'BAOHAO_MODE=demo npx baohao clock advance laika 30',
  fsck: 'BAOHAO_MODE=demo npx baohao fsck',
}

/**
 * Writes what the sandbox shows on its page of log-ins and things to try (sandbox/README.md). `baseUrls` by brand.
 */
export function writeGuide(
  sandboxDir: string,
  brands: readonly Brand[],
  baseUrls: Readonly<Record<string, string>>,
): void {
  const shown = brands.flatMap((brand) =>
    isDemoBrand(brand.key) ? [brandOf(brand, brand.key, baseUrls[brand.key] ?? '')] : [],
  )
  const guide = {
    ...{ title: both((text) => text.title), lead: both((text) => text.lead) },
    password: { label: both((text) => text.password), value: DEMO_PASSWORD },
    token: { label: both((text) => text.token), command: `cat ${relative('', sandboxDir)}/control-token` },
    brands: shown,
    things: things(brands, baseUrls),
  }
  mkdirSync(sandboxDir, { recursive: true, mode: 0o700 })
  const file = join(sandboxDir, 'guide.json')
  // Whole or not at all: the sandbox may be reading it.
  writeFileSync(`${file}.new`, JSON.stringify(guide, null, 1), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

function both(read: (text: typeof en) => string): Both {
  return { 'zh-CN': read(zhCN), en: read(en) }
}

function brandOf(brand: Brand, key: DemoBrand, baseUrl: string) {
  return {
    name: brand.name,
    baseUrl,
    logIn: `${baseUrl}/login`,
    people: demoPeople[key].map((person) => personOf(brand, person)),
    stages: STANDING[key].map(([stage, places]) => ({
      name: both((text) => text.stage[stage]),
      numbers: places.map((place) => numberOf(brand, demoMsisdn(brand, place))),
    })),
  }
}

function personOf(brand: Brand, person: Person) {
  const story = person.id as Story
  return {
    title: both((text) => text.people[story].title),
    story: both((text) => text.people[story].story),
    number: numberOf(brand, person.phone),
    email: person.email,
    hasPassword: person.hasPassword,
    numberLost: person.numberLost,
    lines: person.numberLost ? 0 : person.lines.filter(({ bound }) => bound !== false).length,
  }
}

/** A number as people of its country write it, and in full. */
function numberOf(brand: Brand, msisdn: string) {
  const block = brand.numberPlan.find(({ countryCode }) => msisdn.startsWith(countryCode))
  const national = (block?.trunkPrefix ?? '') + msisdn.slice(block?.countryCode.length ?? 0)
  const groups = brand.key === 'harbour' ? /^(.{5})(.{6})$/ : /^(.{3})(.{4})(.{4})$/
  return { msisdn, text: national.replace(groups, (_, ...parts) => parts.slice(0, -2).join(' ')) }
}

function things(brands: readonly Brand[], baseUrls: Readonly<Record<string, string>>) {
  const laika = brands.find(({ key }) => key === 'laika')
  if (!laika) return []
  const at = (place: number) => numberOf(laika, demoMsisdn(laika, place))
  const handset = (place: number) => ({ label: link('handset'), path: `/handset/${at(place).msisdn}` })
  const knobs = { label: link('knobs'), path: '/admin' }
  const pages = brands.flatMap(({ key }) =>
    isDemoBrand(key) ? [{ label: link(key), path: `${baseUrls[key]}/` }] : [],
  )
  const logIns = brands.flatMap(({ key }) =>
    isDemoBrand(key) ? [{ label: link(`${key}-log-in`), path: `${baseUrls[key]}/login` }] : [],
  )
  const links: Readonly<Record<Thing, readonly { readonly label: Both; readonly path: string }[]>> = {
    'top-up': [...pages, handset(1)],
    'log-in': logIns,
    barred: [...pages.slice(0, 1), handset(7)],
    'lost-notice': [knobs],
    duplicate: [knobs],
    twice: [knobs],
    amount: [knobs],
    forge: [knobs],
    ussd: [handset(0)],
    expire: pages.slice(0, 1),
    clock: [],
    fsck: [],
  }
  const numbers: Partial<Record<Thing, Record<string, string>>> = {
    'top-up': { number: at(0).text, payer: at(1).text },
    barred: { number: at(7).text },
    ussd: { number: at(0).text },
  }
  return (Object.keys(links) as Thing[]).map((thing) => ({
    title: both((text) => text.try[thing].title),
    text: both((text) => filled(text.try[thing].text, numbers[thing] ?? {})),
    links: links[thing],
    command: COMMANDS[thing] ?? null,
  }))
}

function link(name: keyof typeof en.link): Both {
  return both((text) => text.link[name])
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '')
}
