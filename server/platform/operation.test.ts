import { afterAll, describe, expect, it } from 'vitest'
import { createClock } from './clock.ts'
import { defineErrors, entriesOf, refuse } from './error.ts'
import { createHttp } from './http.ts'
import { createLog } from './log.ts'
import { defineOperations, demandDeclared } from './operation.ts'
import { httpErrors } from './problem.ts'

const errors = defineErrors({
  'shop-shut': ['refused', 'The shop is shut', { until: '08:00' }],
  'till-empty': ['conflict', 'The till is empty'],
})
const operations = defineOperations('Shop', {
  buy: { summary: 'Buy', errors: entriesOf(errors, 'shop-shut') },
})
const access = { who: ['anyone'], reach: 'nothing' } as const

async function shop(strict: boolean) {
  const http = await createHttp({
    ...{ clock: createClock(), log: createLog('silent'), secureOrigin: false, trustedProxies: 0 },
    formTargets: [],
  })
  if (strict) demandDeclared(http)
  const config = { access, operation: operations.buy }
  http.get('/declared', { config }, async () =>
    Promise.reject(refuse(errors['shop-shut'], { until: '09:00' })),
  )
  http.get('/undeclared', { config }, async () => Promise.reject(refuse(errors['till-empty'])))
  http.get('/member', { config }, async () => Promise.reject(refuse(errors['shop-shut'], { owner: 'Lin' })))
  http.get('/anywhere', { config }, async () => Promise.reject(refuse(httpErrors['rate-limited'])))
  http.get('/broken', { config }, async () => Promise.reject(new Error('a fault')))
  http.get('/bare', { config: { access } }, async () => Promise.reject(refuse(errors['till-empty'])))
  afterAll(() => http.close())
  return async (url: string) => {
    const answer = await http.inject({ url })
    const { code, undeclared } = answer.json() as { code: string; undeclared?: string }
    return undeclared === undefined ? [answer.statusCode, code] : [answer.statusCode, code, undeclared]
  }
}

it('operations are named by their keys and stand under their heading', () => {
  expect(operations.buy).toMatchObject({ id: 'buy', tag: 'Shop' })
})

describe('where refusals must be declared', async () => {
  const ask = await shop(true)

  it('one that is declared is answered', async () => {
    expect(await ask('/declared')).toEqual([422, 'shop-shut'])
  })

  it('one that is not is a fault that says what to add', async () => {
    const told = 'buy refuses with till-empty: add it to its errors'
    expect(await ask('/undeclared')).toEqual([500, 'internal', told])
  })

  it('so is a member that its catalogue does not know', async () => {
    const told = 'shop-shut has the member owner: add an example of it to its catalogue'
    expect(await ask('/member')).toEqual([500, 'internal', told])
  })

  it('what any operation may end in needs no word, nor do faults and routes without an operation', async () => {
    expect(await ask('/anywhere')).toEqual([429, 'rate-limited'])
    expect(await ask('/broken')).toEqual([500, 'internal'])
    expect(await ask('/bare')).toEqual([409, 'till-empty'])
  })
})

it('elsewhere the refusal itself is the better answer', async () => {
  const ask = await shop(false)
  expect(await ask('/undeclared')).toEqual([409, 'till-empty'])
})
