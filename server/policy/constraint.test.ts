import { describe, expect, test } from 'vitest'
import { checkConstraints } from './constraint.ts'
import { parseDay } from './day.ts'
import { loadPolicy } from './load-policy.ts'
import anatelBr from './presets/anatel-br.json' with { type: 'json' }
import traiIn from './presets/trai-in.json' with { type: 'json' }
import verizonUs from './presets/verizon-us.json' with { type: 'json' }
import { presetOf } from './presets.ts'
import { regulators } from './regulators.ts'
import { earliestReissue, latestReissue } from './reissue.ts'

const onSale = [30, 90, 180].map((days) => ({ months: 0, days }))

function violations(policyJson: unknown, regulatorId: string, offers = onSale): (readonly string[])[] {
  const regulator = regulators.find(({ id }) => id === regulatorId)
  if (!regulator) throw new Error(`no regulator ${regulatorId}`)
  const found = checkConstraints(loadPolicy(policyJson), regulator, offers)
  return found.map(({ constraint, required, found }) => [constraint, required, found])
}

describe('the regulators', () => {
  test('have nothing against the presets made for them', () => {
    expect(violations(anatelBr, 'anatel-632')).toEqual([])
    expect(violations(traiIn, 'trai-2013')).toEqual([])
    expect(violations(verizonUs, 'reissue-us-fcc')).toEqual([])
    const china = regulators.find(({ id }) => id === 'reissue-china')
    expect(china && checkConstraints(presetOf('china-keep', 1), china)).toEqual([])
  })

  test('of another currency cannot judge', () => {
    expect(violations(verizonUs, 'trai-2013')).toEqual([['currency', 'INR', 'USD']])
  })

  test('TRAI finds non-use, fee and time to take back, each by name', () => {
    const [use, fee] = traiIn.extensions
    const [quarantined, ceased] = traiIn.ladder
    const policy = {
      ...traiIn,
      retentionFeeMinor: '2100',
      extensions: [
        { ...use, length: { days: 89 } },
        { ...fee, length: { days: 29 } },
      ],
      ladder: [
        { ...quarantined, lasts: { days: 14 }, leastTopUpMinor: '3000', reclaimFeeMinor: '2500' },
        ceased,
      ],
    }
    expect(violations(policy, 'trai-2013')).toEqual([
      ['idle-days', '90', '89'],
      ['retention-fee', '2000', '2100'],
      ['retention-fee-days', '30', '29'],
      ['reclaim-days', '15', '14'],
      ['reclaim-fee', '2000', '2500'],
    ])
    const onlyOutgoing = { ...traiIn, extensions: [{ ...use, on: ['top-up', 'outgoing-use'] }, fee] }
    expect(violations(onlyOutgoing, 'trai-2013')).toEqual([['idle-days', '90', '0']])
    expect(violations({ ...traiIn, ladder: [ceased] }, 'trai-2013')).toEqual([['reclaim-days', '15', '0']])
    const withNotice = {
      ...policy,
      ladder: [
        { stage: 'active', lasts: { days: 1 }, notice: true, topUp: 'restores-service', balance: 'kept' },
        ...traiIn.ladder,
      ],
    }
    expect(violations(withNotice, 'trai-2013').map(([constraint]) => constraint)).not.toContain('idle-days')
  })

  test('Anatel finds short credit, terms not on sale and credit that is lost', () => {
    const [byOffer, flat] = anatelBr.extensions
    expect(violations(anatelBr, 'anatel-632', [{ months: 0, days: 29 }])).toEqual([
      ['credit-days', '30', '29'],
      ['credit-on-sale', '90', '30'],
      ['credit-on-sale', '180', '30'],
    ])
    expect(violations({ ...anatelBr, creditEnd: 'forfeited' }, 'anatel-632')).toEqual([
      ['credit-revalidated', 'frozen', 'forfeited'],
    ])
    const capped = {
      ...anatelBr,
      extensions: [byOffer, flat].map((rule) => ({ ...rule, cap: { days: 90 } })),
    }
    expect(violations(capped, 'anatel-632')).toEqual([['credit-on-sale', '180', '90']])
  })

  test('the FCC finds numbers that come back too early or too late', () => {
    const reissue = { leastDays: 44, mostDays: { residential: 91, business: 365 } }
    expect(violations({ ...verizonUs, reissue }, 'reissue-us-fcc')).toEqual([
      ['reissue-least-days', '45', '44'],
      ['reissue-most-days', '90', '91'],
    ])
    const unbounded = { ...verizonUs, reissue: { leastDays: 45, mostDays: null } }
    expect(violations(unbounded, 'reissue-us-fcc')).toHaveLength(2)
  })
})

test('a number rests between its owners from the day of disconnection', () => {
  const fcc = regulators.find(({ id }) => id === 'reissue-us-fcc')?.reissue
  if (!fcc) throw new Error('the FCC has a reissue rule')
  const off = parseDay('2025-01-01')
  expect(earliestReissue(fcc, off)).toBe(parseDay('2025-02-15'))
  expect(latestReissue(fcc, off, 'residential')).toBe(parseDay('2025-04-01'))
  expect(latestReissue(fcc, off, 'business')).toBe(parseDay('2026-01-01'))
  expect(latestReissue({ leastDays: 90, mostDays: null }, off, 'business')).toBeNull()
})
