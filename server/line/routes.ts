import { Type } from 'typebox'
import { BalanceView, LineView, MyLinesView, NumberInput, StrangerLineView } from '../../contract/line.ts'
import { BindLine, UssdAnswer, UssdRequest } from '../../contract/session.ts'
import type { Brand } from '../brand/index.ts'
import type { Principal } from '../identity/index.ts'
import { refuse } from '../platform/error.ts'
import type { Access, Http } from '../platform/http.ts'
import { createReadBatcher } from '../platform/read-batcher.ts'
import { type BindDeps, bindLine, unbindLine } from './bind-line.ts'
import { lineErrors } from './errors.ts'
import { knownNumber } from './known-number.ts'
import { lineOperations, ussdOperations } from './operations.ts'
import { ussdText } from './ussd.ts'
import { balanceView, lineView, strangerView, type ViewDeps } from './view.ts'
import { type ReadLine, readBalances, readLineFor, readLinesOf } from './view-store.ts'

const READ_SCOPE = 'line:read'
const anyone: Access = {
  who: ['anyone'],
  reach: 'its own lines whole; of any other, whether it can be topped up; with scope line:read, every line',
}
const everyLine: Access = { who: ['api-key'], scope: READ_SCOPE, reach: 'every line of the brand' }
const gateway: Access = { who: ['api-key'], scope: 'ussd:answer', reach: 'the line that dialled' }
const ownLines: Access = { who: ['login'], assurance: 'sms', reach: 'the lines bound to its own account' }

const ByNumber = Type.Object({ number: NumberInput })
const BOUNDS = { maxBatch: 1_000, maxQueue: 4_000 }

export type RouteDeps = BindDeps & ViewDeps

export function createRoutes(deps: RouteDeps): (http: Http) => Promise<void> {
  const balanceOf = createBalanceReader(deps)
  return async (http) => {
    reading(http, deps, balanceOf)
    binding(http, deps)
    answering(http, deps, balanceOf)
  }
}

type ReadBalance = ReturnType<typeof createBalanceReader>

function reading(http: Http, deps: RouteDeps, balanceOf: ReadBalance): void {
  const { db } = deps
  http.get(
    '/v1/lines/:number',
    {
      config: { access: anyone, operation: lineOperations.readLine },
      schema: { params: ByNumber, response: { 200: Type.Union([LineView, StrangerLineView]) } },
    },
    async ({ brand, params, principal }) => {
      const line = await readLineFor(db.of(brand.key), knownNumber(brand, params.number), logInOf(principal))
      if (!line) throw refuse(lineErrors['line-not-found'])
      const whole = line.own || principal?.scopes.includes(READ_SCOPE) === true
      return whole ? lineView(deps, brand, line) : strangerView(deps, brand, line)
    },
  )
  http.get(
    '/v1/lines/:number/balance',
    {
      config: { access: everyLine, operation: lineOperations.readBalance },
      schema: { params: ByNumber, response: { 200: BalanceView } },
    },
    async ({ brand, params }) => balanceView(deps, brand, await balanceOf(brand, params.number)),
  )
}

function binding(http: Http, deps: RouteDeps): void {
  const { db } = deps
  http.get(
    '/v1/me/lines',
    {
      config: { access: ownLines, operation: lineOperations.listMyLines },
      schema: { response: { 200: MyLinesView } },
    },
    async ({ brand, principal }) => {
      const lines = await readLinesOf(db.of(brand.key), (principal as Principal).id)
      return { lines: lines.map((line) => lineView(deps, brand, line)) }
    },
  )
  http.post(
    '/v1/me/lines',
    {
      config: { access: ownLines, operation: lineOperations.bindLine },
      schema: { body: BindLine, response: { 201: LineView } },
    },
    async ({ brand, body, principal }, reply) => {
      const { id } = principal as Principal
      const line = await readLineFor(db.of(brand.key), await bindLine(deps, brand, id, body), id)
      if (!line) throw refuse(lineErrors['line-not-found'])
      return reply.status(201).send(lineView(deps, brand, line))
    },
  )
  http.delete(
    '/v1/me/lines/:number',
    {
      config: { access: ownLines, operation: lineOperations.unbindLine },
      schema: { params: ByNumber, response: { 204: Type.Null() } },
    },
    async ({ brand, params, principal }, reply) => {
      await unbindLine(deps, brand, (principal as Principal).id, params.number)
      return reply.status(204).send(null)
    },
  )
}

function answering(http: Http, deps: RouteDeps, balanceOf: ReadBalance): void {
  http.post(
    '/v1/ussd',
    {
      config: { access: gateway, operation: ussdOperations.answerUssd },
      schema: { body: UssdRequest, response: { 200: UssdAnswer } },
    },
    async ({ brand, body }) => {
      const line = await balanceOf(brand, body.msisdn)
      return { text: ussdText(deps, brand, line, body.text), continue: false }
    },
  )
}

function logInOf(principal: Principal | null): string | null {
  return principal?.kind === 'login' ? principal.id : null
}

/** Requests of one moment share a statement: it is what makes a balance cheap to ask for. */
function createBalanceReader({ db }: Pick<RouteDeps, 'db'>) {
  const readers = new Map<string, (msisdn: string) => Promise<ReadLine | undefined>>()
  const readerOf = (brand: string) => {
    const reader =
      readers.get(brand) ??
      createReadBatcher({ ...BOUNDS, read: (msisdns) => readBalances(db.of(brand), msisdns) })
    readers.set(brand, reader)
    return reader
  }
  return async (brand: Brand, typed: string): Promise<ReadLine> => {
    const line = await readerOf(brand.key)(knownNumber(brand, typed))
    if (!line) throw refuse(lineErrors['line-not-found'])
    return line
  }
}
