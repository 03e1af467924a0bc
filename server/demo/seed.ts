import type { Brand } from '../brand/index.ts'
import { priceTablePresets } from '../catalog/index.ts'
import type { House } from '../house.ts'
import { openLines, resolveNumbers } from '../line/index.ts'
import { furnishBrand } from '../new-brand.ts'
import { dayAt, type EpochDay, type PolicyState, preActive, presetOf, validUntil } from '../policy/index.ts'

/** Days until the service clock of each demo line ends, from well kept to lost; taken in turn. */
const DAYS_LEFT = [180, 90, 32, 14, 6, 2, 0, -10, -45, -120, 250, 400]
/** The first of them stand in every stage but the last two: theirs are the numbers that pages and tests speak of. */
const PLAIN = 60
const EVERY_NEW_SIM = 40
const EVERY_LOST = 23
const LOST_DAYS_AGO = 200
/** With the people's and the districts' lines, 2,000 and 900. */
const LINES: Readonly<Record<string, number>> = { laika: 1_375, harbour: 400 }
const ACTIVE: Pick<PolicyState, 'standing' | 'ceasedOn' | 'credit' | 'number'> = {
  standing: 'in-service',
  ceasedOn: null,
  credit: null,
  number: null,
}

/** Brands that have no price table yet get one, system accounts, lines in every stage and a dealer with a float. */
export async function seedDemo(house: House): Promise<void> {
  for (const brand of house.brands.all) {
    if (!(await isEmpty(house, brand))) continue
    await furnishBrand(house, brand, priceTablePresets[brand.key])
    await seedLines(house, brand)
    await house.db.of(brand.key).tx(async (tx) => {
      const { id } = await house.dealers.createDealer(tx, {
        name: `${brand.name.en} outlet`,
        commissionBp: 200,
      })
      await house.dealers.loadFloat(tx, { dealer: id, amountMinor: 10_000_00n, from: 'opening' })
    })
  }
}

async function isEmpty(house: House, brand: Brand): Promise<boolean> {
  const seeded = await resolveNumbers(house.db.of(brand.key), [demoMsisdn(brand, 0)])
  return seeded.size === 0
}

/** Lines that came from another system today, as they stood there. */
async function seedLines(house: House, brand: Brand): Promise<void> {
  const { clock, db } = house
  const today = dayAt(clock.business(brand.key), brand.zone)
  const policy = presetOf(brand.policy.preset, brand.policy.version)
  const lines = Array.from({ length: LINES[brand.key] ?? PLAIN }, (_, i) => ({
    msisdn: demoMsisdn(brand, i),
    iccid: null,
    state: standingOf(today, i),
    paidMinor: BigInt((i * 730) % 6_000),
    bonusMinor: 0n,
  }))
  await db.of(brand.key).tx((tx) => openLines(tx, { clock, brand, policy, today }, lines))
}

function standingOf(today: EpochDay, i: number): PolicyState {
  if (i >= PLAIN && i % EVERY_NEW_SIM === 0) return preActive
  const daysLeft =
    i >= PLAIN && i % EVERY_LOST === 0 ? -LOST_DAYS_AGO : (DAYS_LEFT[i % DAYS_LEFT.length] as number)
  return { ...ACTIVE, service: validUntil(today + 1 + daysLeft) }
}

/** The i-th number of the brand's plan that belongs to nobody (+86 154 is unassigned, +44 7700 900 is for drama). */
export function demoMsisdn(brand: Pick<Brand, 'key'>, i: number): string {
  return brand.key === 'harbour'
    ? `447700900${i.toString().padStart(3, '0')}`
    : `861540000${(1000 + i).toString()}`
}
