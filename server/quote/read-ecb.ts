import { FileRefused } from '../platform/csv-file.ts'
import { type EpochDay, parseDay } from '../policy/index.ts'
import { readRate } from './rate.ts'
import type { StatedRate } from './rate-file.ts'
import { publishedAt } from './target-days.ts'

const DECLARATION = /<\?xml version=["']1\.0["'](?: encoding=["']UTF-8["'])?\s*\?>/iy
const TAG =
  /<(\/?)([A-Za-z]+(?::[A-Za-z]+)?)((?:\s+[A-Za-z]+(?::[A-Za-z]+)?\s*=\s*(?:"[^"<&]*"|'[^'<&]*'))*)\s*(\/?)>/y
const ATTRIBUTE = /([A-Za-z]+(?::[A-Za-z]+)?)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const TEXT = /[^<&]*/y

/** Where an element of the format may stand. */
const WITHIN: Readonly<Record<string, readonly string[]>> = {
  'gesmes:Envelope': [''],
  'gesmes:subject': ['gesmes:Envelope'],
  'gesmes:Sender': ['gesmes:Envelope'],
  'gesmes:name': ['gesmes:Sender'],
  Cube: ['gesmes:Envelope', 'Cube'],
}

/**
 * Rates in the form of the ECB's eurofxref-daily.xml and eurofxref-hist-90d.xml: for each day what one euro is in other currencies.
 * It reads this one form: no document type, entity, comment or CDATA is in it, and whatever else is not in it is refused with the
 * line it stands on, as FileRefused.
 */
export function readEcb(text: string): StatedRate[] {
  const reading: Reading = new Reading(text)
  const days = new Map<EpochDay, Map<string, string>>()
  let source = ''
  let day: EpochDay | null = null
  for (const event of reading.events()) {
    if (event.kind === 'text') {
      if (event.within === 'gesmes:name') source += event.text
      continue
    }
    const { name, depth, attributes } = event
    if (name !== 'Cube') continue
    if (depth === 2) reading.demand(attributes.size === 0, 'a Cube without a day')
    else if (depth === 3) day = addDay(reading, days, attributes)
    else addRate(reading, days.get(day ?? Number.NaN), attributes)
  }
  source = source.trim()
  reading.demand(source.length > 0 && source.length <= 64, 'the name of who publishes the rates')
  reading.demand(days.size > 0, 'a day of rates')
  return [...days].flatMap(([of, rates]) => {
    reading.demand(rates.size > 0, 'a rate on every day')
    return [...rates].map(
      ([currency, value]): StatedRate => ({
        ...{ kind: 'reference', source, base: 'EUR', currency, value, day: of },
        ...{ sinceMs: publishedAt(of), untilMs: null },
      }),
    )
  })
}

function addDay(
  reading: Reading,
  days: Map<EpochDay, Map<string, string>>,
  attributes: ReadonlyMap<string, string>,
): EpochDay {
  const time = attributes.get('time')
  reading.demand(attributes.size === 1 && time !== undefined, 'a Cube with its day and nothing else')
  let day: EpochDay
  try {
    day = parseDay(time)
  } catch {
    return reading.refuse(`a day such as 2026-11-20, not "${time}"`)
  }
  reading.demand(!days.has(day), `the day ${time} once`)
  days.set(day, new Map())
  return day
}

function addRate(
  reading: Reading,
  rates: Map<string, string> | undefined,
  attributes: ReadonlyMap<string, string>,
): void {
  const [currency = '', value = ''] = [attributes.get('currency'), attributes.get('rate')]
  reading.demand(rates !== undefined && attributes.size === 2, 'a currency with its rate on a day')
  reading.demand(
    /^[A-Z]{3}$/.test(currency) && currency !== 'EUR',
    `another currency than the euro, not "${currency}"`,
  )
  reading.demand(readRate(value) !== null, `a rate above zero, not "${value}"`)
  reading.demand(!rates.has(currency), `${currency} once a day`)
  rates.set(currency, value)
}

type Event =
  | {
      readonly kind: 'begin'
      readonly name: string
      readonly depth: number
      readonly attributes: ReadonlyMap<string, string>
    }
  | { readonly kind: 'text'; readonly within: string; readonly text: string }

/** Where the reading of a file is; one for each file. */
class Reading {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text.startsWith('\uFEFF') ? text.slice(1) : text
  }

  demand(holds: boolean, expected: string): asserts holds {
    if (!holds) this.refuse(expected)
  }

  refuse(expected: string): never {
    const line = this.#text.slice(0, this.#at).split('\n').length
    throw new FileRefused(`Line ${line}: expected ${expected}.`)
  }

  *events(): Generator<Event> {
    this.#take(DECLARATION)
    const open: string[] = []
    let done = false
    for (;;) {
      const text = this.#take(TEXT)?.[0] ?? ''
      const within = open.at(-1) ?? ''
      if (text.trim() !== '') this.demand(/^gesmes:(name|subject)$/.test(within), 'no text here')
      if (text !== '') yield { kind: 'text', within, text }
      if (this.#at === this.#text.length) break
      const tag = this.#take(TAG)
      if (!tag) return this.refuse('an element of the ECB’s form: no document type, entity or comment')
      const [, slash, name = '', attributes = '', empty] = tag
      if (slash !== '') {
        this.demand(name === within && attributes === '' && empty === '', `the end of ${within || 'nothing'}`)
        open.pop()
        done = open.length === 0
        continue
      }
      this.demand(!done && WITHIN[name]?.includes(within) === true, `no ${name} here`)
      this.demand(open.length < 4, 'no Cube below a rate')
      yield { kind: 'begin', name, depth: open.length + 1, attributes: this.#attributes(attributes) }
      if (empty === '') open.push(name)
      else if (open.length === 0) done = true
    }
    this.demand(done && open.length === 0, 'the end of the file’s elements')
  }

  #attributes(text: string): Map<string, string> {
    const found = new Map<string, string>()
    for (const [, name = '', double, single] of text.matchAll(ATTRIBUTE)) {
      this.demand(!found.has(name), `${name} once`)
      found.set(name, double ?? single ?? '')
    }
    return found
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match) this.#at = pattern.lastIndex
    return match
  }
}
