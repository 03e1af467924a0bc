import { createChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { serverNow } from '../device/server-clock.ts'
import { captchaAhead } from './codes.ts'

const farAway = 4_102_444_800
let asked: number
let notAfter: number
let fail: boolean

beforeEach(() => {
  asked = 0
  notAfter = farAway
  fail = false
  vi.stubGlobal('fetch', async () => {
    asked++
    if (fail) throw new TypeError('Failed to fetch')
    const options = { algorithm: 'PBKDF2/SHA-256', cost: 2, counter: 1, data: { notAfter, asked } }
    return Response.json(await createChallenge({ ...options, hmacSignatureSecret: 'sign', deriveKey }))
  })
})
afterEach(() => vi.unstubAllGlobals())

/** Which of the challenges asked for a payload answers. */
const challengeOf = (payload: string) => JSON.parse(atob(payload)).challenge.parameters.data.asked

it('is done before it is wanted, and each is handed in once', async () => {
  const captcha = captchaAhead()
  captcha.prepare()
  captcha.prepare()
  expect(asked).toBe(1)
  expect(challengeOf(await captcha.take())).toBe(1)
  expect(challengeOf(await captcha.take())).toBe(2)
})

it('is asked for afresh when the one prepared is about to end, failed, or was never begun', async () => {
  const captcha = captchaAhead()
  notAfter = Math.floor(serverNow() / 1000) + 10
  captcha.prepare()
  notAfter = farAway
  expect(challengeOf(await captcha.take())).toBe(2)
  fail = true
  captcha.prepare()
  await vi.waitFor(() => expect(asked).toBe(3))
  fail = false
  expect(challengeOf(await captcha.take())).toBe(4)
})

it('is dropped when the page goes on, and can begin again', async () => {
  const captcha = captchaAhead()
  captcha.prepare()
  captcha.stop()
  captcha.prepare()
  expect(challengeOf(await captcha.take())).toBe(2)
})
