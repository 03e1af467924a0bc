import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { account, type CardWorld, startCardWorld } from '../testing/card-world.ts'

let world: CardWorld

beforeAll(async () => {
  world = await startCardWorld()
})
afterAll(() => world.end())
beforeEach(() => world.knobs({ reset: true }))

async function look(url: string, language = 'zh-CN') {
  const answer = await fetch(url, { headers: { 'accept-language': language } })
  return { status: answer.status, text: await answer.text() }
}

/** Posts a form of the page as its button does; answers where the browser is sent. */
async function post(id: string, path: string, fields: Record<string, string>): Promise<string> {
  const answer = await fetch(`${world.home}/checkout/${id}/${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  })
  expect(answer.status).toBe(303)
  return answer.headers.get('location') ?? ''
}

const status = async (id: string) => (await world.stripe.checkout.sessions.retrieve(id)).payment_status

test('shows payee, item and amount, escaped, in the session’s language, else the browser’s', async () => {
  const plain = await world.session()
  const chinese = await look(plain.url ?? '')
  expect(chinese.text).toContain('莱卡通信')
  expect(chinese.text).toContain('季度套餐 &lt;90 天&gt;')
  expect(chinese.text).toContain('£49.80')
  expect((await look(plain.url ?? '', 'en')).text).toContain('Card number')
  const english = await world.session({ locale: 'en' })
  expect((await look(english.url ?? '')).text).toContain('Card number')
})

test('a card that pays leads straight back, with the session in the address', async () => {
  const { id } = await world.session()
  const back = await post(id, 'pay', { number: '4242 4242 4242 4242' })
  expect(back).toBe(`http://127.0.0.1:3000/orders/1?s=${id}`)
  expect(await status(id)).toBe('paid')
  expect((await look(`${world.home}/checkout/${id}`)).text).toContain('支付成功')
})

test.each([
  ['4000000000000002', 'declineGeneric', 'card_declined'],
  ['4000000000009995', 'declineFunds', 'card_declined'],
  ['4000000000000069', 'declineExpired', 'expired_card'],
  ['4000000000000127', 'declineCvc', 'incorrect_cvc'],
  ['4000000000000119', 'declineProcessing', 'processing_error'],
  ['4242424242424241', 'declineNumber', 'incorrect_number'],
  ['4111111111111111', 'declineReal', 'card_declined'],
])('%s is declined in words, and another card can be tried', async (number, word, code) => {
  const { id } = await world.session()
  const here = await post(id, 'pay', { number })
  expect(here).toBe(`/checkout/${id}?declined=${word}`)
  const page = await look(`${world.home}${here}`)
  expect(page.text).toContain(`data-decline="${word}"`)
  // The list of test cards apart, no page repeats what was typed.
  expect(page.text.split('<details')[0]).not.toContain(number.slice(-8))
  const { payment_intent: intent } = await world.stripe.checkout.sessions.retrieve(id, {
    expand: ['payment_intent'],
  })
  expect(intent).toMatchObject({ status: 'requires_payment_method', last_payment_error: { code } })
  expect(await post(id, 'pay', { number: '5555555555554444' })).toContain('/orders/1')
  expect(await status(id)).toBe('paid')
})

test('3-D Secure: the bank’s step in between, passed, failed, or passed and declined all the same', async () => {
  const [passed, failed, declined] = [await world.session(), await world.session(), await world.session()]
  for (const { id } of [passed, failed]) {
    expect(await post(id, 'pay', { number: '4000002760003184' })).toBe(`/checkout/${id}`)
    expect(await status(id)).toBe('unpaid')
    expect((await look(`${world.home}/checkout/${id}`)).text).toContain('visa •••• 3184')
  }
  expect(await post(passed.id, 'challenge', { answer: 'complete' })).toContain('/orders/1')
  expect(await status(passed.id)).toBe('paid')
  expect(await post(failed.id, 'challenge', { answer: 'fail' })).toContain('declined=declineBank')
  expect(await status(failed.id)).toBe('unpaid')
  await post(declined.id, 'pay', { number: '4000008400001629' })
  expect(await post(declined.id, 'challenge', { answer: 'complete' })).toContain('declined=declineGeneric')
})

test('pressing twice, or in two tabs, pays once', async () => {
  const { id } = await world.session()
  await Promise.all(Array.from({ length: 5 }, () => post(id, 'pay', { number: '4242424242424242' })))
  const { body } = await world.control('GET', `/control/card/${account}/sessions/${id}`)
  expect(body.events).toHaveLength(1)
})

test('an expired session takes no card, unless the knob lets it', async () => {
  const { id } = await world.session()
  await world.stripe.checkout.sessions.expire(id)
  expect((await look(`${world.home}/checkout/${id}`)).status).toBe(410)
  expect(await post(id, 'pay', { number: '4242424242424242' })).toBe(`/checkout/${id}`)
  expect(await status(id)).toBe('unpaid')
  await world.knobs({ paidAfterClose: true })
  expect(await post(id, 'pay', { number: '4242424242424242' })).toContain('/orders/1')
  expect(await status(id)).toBe('paid')
})

test('a page nobody was sent to is not found; a form of another site is refused', async () => {
  expect((await look(`${world.home}/checkout/cs_test_nobody`)).status).toBe(404)
  const { id } = await world.session()
  const foreign = await fetch(`${world.home}/checkout/${id}/pay`, {
    method: 'POST',
    body: new URLSearchParams({ number: '4242424242424242' }),
    headers: { 'sec-fetch-site': 'cross-site' },
  })
  expect(foreign.status).toBe(403)
})

test('the gateway’s own page shows book and retry clock, and of keys the last four characters', async () => {
  const { text } = await look(`${world.home}/card?lang=en`)
  expect(text).toContain('checkout.session.completed')
  expect(text).toContain('visa ···· 4242')
  for (const key of ['sk_test_laika', 'whsec_laika']) expect(text).not.toContain(key)
})

test('no file holds a card’s number', async () => {
  const found: string[] = []
  for (const name of await readdir(world.dataDir)) {
    const text = await readFile(join(world.dataDir, name), 'utf8')
    if (/4242[ -]?4242|55555555|40000027|41111111/.test(text)) found.push(name)
  }
  expect(found).toEqual([])
})
