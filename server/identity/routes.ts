import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import {
  CaptchaChallenge,
  CodeSent,
  LogIn,
  ProvePayer,
  Register,
  SendCode,
  SessionView,
} from '../../contract/session.ts'
import type { Brand } from '../brand/index.ts'
import type { Access, Http } from '../platform/http.ts'
import { accountRoutes, deviceRoutes, phoneRoutes } from './account-routes.ts'
import { readEmail, readPhone } from './address.ts'
import type { Identities } from './deps.ts'
import { deviceOf } from './device.ts'
import { logInByCode } from './log-in-by-code.ts'
import { logInByPassword } from './log-in-by-password.ts'
import type { OpenedSession, Opener } from './open-session.ts'
import { sessionOperations } from './operations.ts'
import { provePayer } from './prove-payer.ts'
import { register } from './register.ts'
import { sendCode } from './send-code.ts'
import { cookieName, principalOf } from './session.ts'
import { viewSession } from './session-view.ts'
import { deleteSession } from './store.ts'

const anyone: Access = { who: ['anyone'], reach: 'nothing of anybody' }
const ownSession: Access = { who: ['anyone'], reach: 'its own session' }

export function createRoutes(identities: Identities): (http: Http) => Promise<void> {
  return async (http) => {
    codeRoutes(http, identities)
    sessionRoutes(http, identities)
    accountRoutes(http, identities)
    phoneRoutes(http, identities)
    deviceRoutes(http, identities)
  }
}

/** The cookie outlives no session; that the session may end sooner the server sees to. */
function tell(
  { clock, db }: Identities,
  reply: FastifyReply,
  brand: Brand,
  opened: OpenedSession,
): Promise<SessionView> {
  const nowMs = clock.instant()
  reply.setCookie(cookieName(brand.key), opened.token, {
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'lax',
    maxAge: Math.floor((opened.session.endsAtMs - nowMs) / 1000),
  })
  return viewSession(db.of(brand.key), brand, principalOf(opened.session, nowMs))
}

function openerOf({ headers, principal }: Pick<FastifyRequest, 'headers' | 'principal'>): Opener {
  return {
    device: deviceOf(headers['user-agent']),
    replaces: principal?.session ?? null,
    guest: principal?.kind === 'guest' ? principal.id : null,
  }
}

function logIn(
  identities: Identities,
  brand: Brand,
  request: LogIn,
  opener: Opener & { readonly ip: string },
): Promise<OpenedSession> {
  switch (request.by) {
    case 'sms-code':
      return logInByCode(
        identities,
        brand,
        { address: readPhone(brand, request.number), code: request.code },
        opener,
      )
    case 'email-code':
      return logInByCode(identities, brand, { address: readEmail(request.email), code: request.code }, opener)
    case 'password':
      return logInByPassword(identities, brand, request, opener)
  }
}

function codeRoutes(http: Http, identities: Identities): void {
  http.get(
    '/v1/captcha',
    {
      config: { access: anyone, operation: sessionOperations.getCaptcha },
      schema: { response: { 200: CaptchaChallenge } },
    },
    ({ brand }) => identities.captchaOf(brand.key).challenge(identities.clock.instant()),
  )
  http.post(
    '/v1/codes',
    {
      config: { access: anyone, operation: sessionOperations.sendCode },
      schema: { body: SendCode, response: { 202: CodeSent } },
    },
    async ({ brand, body, principal, ip }, reply) =>
      reply.status(202).send(await sendCode(identities, brand, body, { principal, ip })),
  )
  http.post(
    '/v1/codes/payer',
    {
      config: { access: ownSession, operation: sessionOperations.provePayer },
      schema: { body: ProvePayer, response: { 200: SessionView } },
    },
    async ({ brand, body, principal }, reply) =>
      tell(identities, reply, brand, await provePayer(identities, brand, body, principal)),
  )
}

function sessionRoutes(http: Http, identities: Identities): void {
  const { db } = identities
  http.post(
    '/v1/log-ins',
    {
      config: { access: ownSession, operation: sessionOperations.logIn },
      schema: { body: LogIn, response: { 200: SessionView } },
    },
    async (request, reply) => {
      const { brand, body, ip } = request
      return tell(
        identities,
        reply,
        brand,
        await logIn(identities, brand, body, { ...openerOf(request), ip }),
      )
    },
  )
  http.post(
    '/v1/registrations',
    {
      config: { access: ownSession, operation: sessionOperations.register },
      schema: { body: Register, response: { 201: SessionView } },
    },
    async (request, reply) => {
      const { brand, body } = request
      const opened = await register(identities, brand, body, openerOf(request))
      return reply.status(201).send(await tell(identities, reply, brand, opened))
    },
  )
  http.get(
    '/v1/session',
    {
      config: { access: ownSession, operation: sessionOperations.readSession },
      schema: { response: { 200: SessionView } },
    },
    ({ brand, principal }) => viewSession(db.of(brand.key), brand, principal),
  )
  http.delete(
    '/v1/session',
    {
      config: { access: ownSession, operation: sessionOperations.endSession },
      schema: { response: { 204: Type.Null() } },
    },
    async ({ brand, principal }, reply) => {
      const session = principal?.session
      if (session) await db.of(brand.key).tx((tx) => deleteSession(tx, session))
      reply.clearCookie(cookieName(brand.key), { path: '/', secure: true, httpOnly: true, sameSite: 'lax' })
      return reply.status(204).send(null)
    },
  )
}
