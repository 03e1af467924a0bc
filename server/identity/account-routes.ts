import { Type } from 'typebox'
import { IdWire } from '../../contract/id.ts'
import {
  AcceptTerms,
  AccountView,
  ChangePhone,
  CloseAccount,
  DevicesView,
  PhoneChangeView,
  SetEmail,
  SetPassword,
  SetProfile,
} from '../../contract/session.ts'
import type { Access, Http } from '../platform/http.ts'
import { acceptTerms, setProfile, viewAccount, viewPhoneChange } from './account.ts'
import { changePhone } from './change-phone.ts'
import { closeAccount } from './close-account.ts'
import type { Identities } from './deps.ts'
import { endDevice, endOtherDevices, viewDevices } from './devices.ts'
import { stopPhoneChange } from './end-phone-change.ts'
import { accountOperations } from './operations.ts'
import type { Principal } from './principal.ts'
import { cookieName } from './session.ts'
import { setEmail } from './set-email.ts'
import { setPassword } from './set-password.ts'

const account: Access = { who: ['login'], assurance: 'sms', reach: 'its own account' }
const byPassword: Access = { who: ['login'], assurance: 'password', reach: 'its own account' }
const sessions: Access = { who: ['login'], assurance: 'sms', reach: 'the sessions of its own account' }

const Nothing = { 204: Type.Null() }

/** The account as its holder sees it, what opens it, and its end. */
export function accountRoutes(http: Http, identities: Identities): void {
  http.get(
    '/v1/me',
    {
      config: { access: account, operation: accountOperations.readAccount },
      schema: { response: { 200: AccountView } },
    },
    ({ brand, principal }) => viewAccount(identities, brand, principal as Principal),
  )
  http.put(
    '/v1/me/profile',
    {
      config: { access: account, operation: accountOperations.setProfile },
      schema: { body: SetProfile, response: Nothing },
    },
    async ({ brand, body, principal }, reply) => {
      await setProfile(identities, brand, body, principal as Principal)
      return reply.status(204).send(null)
    },
  )
  http.post(
    '/v1/me/terms',
    {
      config: { access: account, operation: accountOperations.acceptTerms },
      schema: { body: AcceptTerms, response: Nothing },
    },
    async ({ brand, body, principal }, reply) => {
      await acceptTerms(identities, brand, body, principal as Principal)
      return reply.status(204).send(null)
    },
  )
  http.put(
    '/v1/me/password',
    {
      config: { access: account, operation: accountOperations.setPassword },
      schema: { body: SetPassword, response: Nothing },
    },
    async ({ brand, body, principal }, reply) => {
      await setPassword(identities, brand, body, principal as Principal)
      return reply.status(204).send(null)
    },
  )
  http.put(
    '/v1/me/email',
    {
      config: { access: account, operation: accountOperations.setEmail },
      schema: { body: SetEmail, response: Nothing },
    },
    async ({ brand, body, principal }, reply) => {
      await setEmail(identities, brand, body, principal as Principal)
      return reply.status(204).send(null)
    },
  )
  http.post(
    '/v1/me/closure',
    {
      config: { access: account, operation: accountOperations.closeAccount },
      schema: { body: CloseAccount, response: Nothing },
    },
    async ({ brand, body, principal }, reply) => {
      await closeAccount(identities, brand, body, principal as Principal)
      reply.clearCookie(cookieName(brand.key), { path: '/', secure: true, httpOnly: true, sameSite: 'lax' })
      return reply.status(204).send(null)
    },
  )
}

/** The change of an account's phone. */
export function phoneRoutes(http: Http, identities: Identities): void {
  http.put(
    '/v1/me/phone',
    {
      config: { access: byPassword, operation: accountOperations.changePhone },
      schema: { body: ChangePhone, response: { 202: PhoneChangeView, ...Nothing } },
    },
    async ({ brand, body, principal }, reply) => {
      const waiting = await changePhone(identities, brand, body, principal as Principal)
      return waiting === null
        ? reply.status(204).send(null)
        : reply.status(202).send(viewPhoneChange(brand, waiting))
    },
  )
  http.delete(
    '/v1/me/phone-change',
    {
      config: { access: account, operation: accountOperations.stopPhoneChange },
      schema: { response: Nothing },
    },
    async ({ brand, principal }, reply) => {
      await stopPhoneChange(identities, brand, principal as Principal)
      return reply.status(204).send(null)
    },
  )
}

/** The browsers that are signed in. */
export function deviceRoutes(http: Http, identities: Identities): void {
  http.get(
    '/v1/me/sessions',
    {
      config: { access: sessions, operation: accountOperations.listSessions },
      schema: { response: { 200: DevicesView } },
    },
    ({ brand, principal }) => viewDevices(identities, brand, principal as Principal),
  )
  http.delete(
    '/v1/me/sessions',
    {
      config: { access: sessions, operation: accountOperations.endOtherSessions },
      schema: { response: Nothing },
    },
    async ({ brand, principal }, reply) => {
      await endOtherDevices(identities, brand, principal as Principal)
      return reply.status(204).send(null)
    },
  )
  http.delete(
    '/v1/me/sessions/:id',
    {
      config: { access: sessions, operation: accountOperations.endOneSession },
      schema: { params: Type.Object({ id: IdWire }), response: Nothing },
    },
    async ({ brand, params, principal }, reply) => {
      await endDevice(identities, brand, principal as Principal, params.id)
      return reply.status(204).send(null)
    },
  )
}
