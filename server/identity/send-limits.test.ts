import { expect, test } from 'vitest'
import { CODE_LIMITS, hostOf, networkOf, sendLimits } from './send-limits.ts'

test.each([
  ['192.0.2.17', '192.0.2.17', '192.0.2'],
  ['::ffff:192.0.2.17', '192.0.2.17', '192.0.2'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2', '2001:db8:1'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2', '2001:db8:1'],
  ['2001:db8::1', '2001:db8:0:0', '2001:db8:0'],
  ['fe80::1%eth0', 'fe80:0:0:0', 'fe80:0:0'],
  ['::1', '0:0:0:0', '0:0:0'],
])('%s belongs to %s and to %s', (ip, host, network) => {
  expect([hostOf(ip), networkOf(ip)]).toEqual([host, network])
})

test('keys name brand and kind but never the address itself', () => {
  const key = Buffer.alloc(32, 1)
  const to = { channel: 'sms', text: '8615400001234' } as const
  const keys = sendLimits(CODE_LIMITS, key, 'laika', to, '192.0.2.1').map((limit) => limit.key)
  expect(keys).toHaveLength(6)
  expect(new Set(keys).size).toBe(6)
  for (const one of keys) expect(one).toMatch(/^code\/laika\//)
  expect(keys.join()).not.toContain('5400001')
  const neighbour = sendLimits(CODE_LIMITS, key, 'laika', { ...to, text: '8615400001999' }, '192.0.2.1')
  const shared = neighbour.filter((limit) => keys.includes(limit.key)).map((limit) => limit.what)
  expect(shared).toEqual(['perHost', 'perNetwork', 'perNumberBlock', 'budget'])
})
