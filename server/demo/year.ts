import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Brand } from '../brand/index.ts'
import type { House } from '../house.ts'
import { resolveNumbers } from '../line/index.ts'
import { dayAt } from '../policy/index.ts'
import { type DemoBrand, isDemoBrand } from './habits.ts'
import type { Lived } from './live-part.ts'
import { partNames, planPart } from './part.ts'

/** What the process is told; the part is of `partNames`. */
export interface PartAsked {
  readonly databaseUrl: string
  readonly brandKey: string
  readonly part: string
  /** Where the past ends. */
  readonly nowMs: number
  /** How far the brand's business clock is ahead. */
  readonly offsetMs: number
}

export type FromWorker = { readonly share: number } | { readonly lived: Lived }

export interface YearDeps {
  readonly house: Pick<House, 'brands' | 'clock' | 'db' | 'lines' | 'topUps'>
  readonly databaseUrl: string
  /** Ends what is under way; a part begun leaves nothing behind. */
  readonly signal: AbortSignal
}

/** The people who can log in, with their numbers and their year: the first part of each brand. */
export async function fillPeople(deps: YearDeps): Promise<void> {
  await eachBrand(deps, async (brand, key) => {
    await fillMissing(deps, brand, key, partNames(key).slice(0, 1), () => {})
  })
}

/**
 * Fills in the year of each brand behind its people, part by part; what is there already stays. `tell` hears how much of all
 * that was missing is there, from 0 to 1, and at last 1.
 */
export async function fillYear(deps: YearDeps, tell: (share: number) => void): Promise<void> {
  const shares = new Map<string, number>()
  const count = [...deps.house.brands.all].filter((brand) => isDemoBrand(brand.key)).length
  await eachBrand(deps, async (brand, key) => {
    await fillMissing(deps, brand, key, partNames(key).slice(1), (share) => {
      shares.set(key, share)
      tell([...shares.values()].reduce((sum, one) => sum + one, 0) / count)
    })
  })
}

async function eachBrand(
  { house }: YearDeps,
  work: (brand: Brand, key: DemoBrand) => Promise<void>,
): Promise<void> {
  await Promise.all(
    house.brands.all.flatMap((brand) => (isDemoBrand(brand.key) ? [work(brand, brand.key)] : [])),
  )
}

async function fillMissing(
  { house, databaseUrl, signal }: YearDeps,
  brand: Brand,
  key: DemoBrand,
  parts: readonly string[],
  tell: (share: number) => void,
): Promise<void> {
  const { clock, db, lines, topUps } = house
  for (const [i, part] of parts.entries()) {
    const nowMs = clock.instant()
    const businessMs = clock.business(key)
    const [first] = planPart(key, part, dayAt(businessMs, brand.zone)).lines
    const known = first ? await resolveNumbers(db.of(key), [first.msisdn]) : new Map()
    if (known.size === 0 && !signal.aborted) {
      // The past looks for what is due as the present does: it is to find nothing but its own.
      await lines.sweepStages(key)
      await topUps.expireDue(key)
      await topUps.handOverMessages(key)
      const asked = { databaseUrl, brandKey: key, part, nowMs, offsetMs: businessMs - nowMs }
      await fillPart(asked, signal, (share) => tell((i + share) / parts.length))
    }
    tell((i + 1) / parts.length)
  }
}

/** Lives one part in a process of its own. Rejects when it cannot; resolves with nothing when the signal ended it. */
export async function fillPart(
  asked: PartAsked,
  signal: AbortSignal,
  tell: (share: number) => void,
): Promise<Lived | undefined> {
  const worker = fork(fileURLToPath(new URL('./year-worker.ts', import.meta.url)), {
    serialization: 'advanced',
    // A Ctrl-C is for the program, which ends what is under way.
    detached: true,
  })
  const end = () => void worker.kill()
  signal.addEventListener('abort', end)
  try {
    return await new Promise<Lived | undefined>((resolve, reject) => {
      let lived: Lived | undefined
      worker.on('message', (message: FromWorker) => {
        if ('lived' in message) lived = message.lived
        else tell(message.share)
      })
      worker.once('error', reject)
      // Comes after the last message, which the end of the process may not.
      worker.once('disconnect', () =>
        lived || signal.aborted ? resolve(lived) : reject(new Error('a part of the year ended early')),
      )
      worker.send(asked)
    })
  } finally {
    signal.removeEventListener('abort', end)
  }
}
