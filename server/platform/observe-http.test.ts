import { afterAll, expect, it } from 'vitest'
import { createClock } from './clock.ts'
import { defineErrors, refuse } from './error.ts'
import { figures } from './figures.ts'
import { createHttp } from './http.ts'
import { createLog } from './log.ts'
import { currentScope } from './scope.ts'

const errors = defineErrors({ 'kettle-cold': ['refused', 'The kettle is cold'] })
const access = { who: ['anyone'], reach: 'nothing' } as const
const lines: string[] = []
const log = createLog('debug', { write: (line) => void lines.push(line) })
const http = await createHttp({
  clock: createClock(),
  log,
  secureOrigin: false,
  trustedProxies: 0,
  formTargets: [],
})
http.get('/v1/kettles/:number', { config: { access } }, async (request) => {
  log.info('asked for a kettle')
  const { number } = request.params as { number: string }
  if (number === '15400001234') throw refuse(errors['kettle-cold'])
  return { scope: currentScope()?.id }
})
afterAll(() => http.close())

const told = (pattern: RegExp) => figures.text().match(pattern)?.[1]

it('a route is counted by its template, its method and the class of its status, never by its address', async () => {
  const count = (labels: string) =>
    told(new RegExp(`baohao_http_request_seconds_count\\{${labels}\\} (\\d+)`))
  // A process counts all that was ever asked of it, by whichever test.
  const unknownBefore = Number(count('route="none",method="ANY",status="4xx"') ?? 0)
  await http.inject('/v1/kettles/15400001233')
  await http.inject('/v1/kettles/15400001234')
  await http.inject('/v1/nothing/15400001235')
  expect(count('route="/v1/kettles/:number",method="GET",status="2xx"')).toBe('1')
  expect(count('route="/v1/kettles/:number",method="GET",status="4xx"')).toBe('1')
  expect(count('route="none",method="ANY",status="4xx"')).toBe(`${unknownBefore + 1}`)
  const sum = /request_seconds_sum\{route="\/v1\/kettles\/:number",method="GET",status="2xx"\} ([\d.e-]+)/
  expect(Number(told(sum))).toBeGreaterThan(0)
  expect(told(/baohao_problems_total\{brand="",code="kettle-cold"\} (\d+)/)).toBe('1')
  // Labels alone: among the figures of a whole process a sum of seconds may hold any digits.
  expect(
    figures
      .text()
      .match(/\{.*\}/g)
      ?.join(''),
  ).not.toContain('1540000')
})

it('what is logged for a request names it, and its own line says how it was answered', async () => {
  lines.length = 0
  const answer = await http.inject('/v1/kettles/15400001233')
  const requestId = answer.headers['x-request-id']
  expect(answer.json()).toEqual({ scope: requestId })
  const [asked, answered] = lines.map((line) => JSON.parse(line))
  expect(asked).toMatchObject({ msg: 'asked for a kettle', requestId })
  expect(answered).toMatchObject({ msg: 'answered', route: '/v1/kettles/:number', status: 200, requestId })
  expect(lines.join('')).not.toContain('1540000')
})

it('outside a request nothing is named', () => {
  expect(currentScope()).toBeUndefined()
})
