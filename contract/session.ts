import { type Static, Type } from 'typebox'
import { Locale } from './brand.ts'
import { IdWire } from './id.ts'
import { Instant, Msisdn, NumberInput } from './line.ts'

export const Assurance = Type.Union([
  Type.Literal('guest'),
  Type.Literal('sms'),
  Type.Literal('password'),
  Type.Literal('strong'),
])
export type Assurance = Static<typeof Assurance>

/** `GET /v1/session` and the answer of every log-in. `none` has no cookie yet. */
export const SessionView = Type.Object(
  {
    kind: Type.Union([Type.Literal('none'), Type.Literal('guest'), Type.Literal('login')]),
    assurance: Type.Union([Assurance, Type.Null()]),
    /** Masked for a guest, whole for the owner. */
    msisdn: Type.Union([Type.String({ examples: ['8615400001000'] }), Type.Null()]),
    email: Type.Union([Type.String({ examples: ['lin@example.com'] }), Type.Null()]),
    hasPassword: Type.Boolean(),
    /** While set, this session has proved the payer's phone by a code and need not again until then. */
    payerVerifiedUntil: Type.Union([Instant, Type.Null()]),
  },
  { additionalProperties: false },
)
export type SessionView = Static<typeof SessionView>

/**
 * `GET /v1/captcha`: a signed ALTCHA v2 challenge. Find the counter 0, 1, 2, ... whose derived key begins with
 * `keyPrefix`: PBKDF2 with SHA-256, password = nonce bytes followed by the counter as 4 bytes big-endian, salt bytes,
 * `cost` iterations, `keyLength` bytes. The solution sent back as `captcha` is base64 of the JSON
 * `{ challenge, solution: { counter, derivedKey } }`, the challenge exactly as it came, the key in lower-case hex.
 */
export const CaptchaChallenge = Type.Object(
  {
    parameters: Type.Object(
      {
        algorithm: Type.Literal('PBKDF2/SHA-256'),
        cost: Type.Integer(),
        /** `notAfter` in whole seconds since 1970: ask for a new challenge then. */
        data: Type.Object({ notAfter: Type.Integer() }, { additionalProperties: false }),
        keyLength: Type.Integer(),
        keyPrefix: Type.String({ examples: ['00'] }),
        keySignature: Type.String({ examples: ['5f0c1e2d'] }),
        nonce: Type.String({ examples: ['9a1b2c3d4e5f'] }),
        salt: Type.String({ examples: ['77aa88bb'] }),
      },
      { additionalProperties: false },
    ),
    signature: Type.String({ examples: ['c0ffee42'] }),
  },
  { additionalProperties: false },
)
export type CaptchaChallenge = Static<typeof CaptchaChallenge>

export const CodePurpose = Type.Union([
  Type.Literal('log-in'),
  Type.Literal('register'),
  Type.Literal('payer'),
  Type.Literal('bind-line'),
  Type.Literal('set-email'),
  Type.Literal('change-phone'),
  Type.Literal('new-phone'),
])
export type CodePurpose = Static<typeof CodePurpose>

/** `POST /v1/codes`: sends a 6-digit code. The answer is the same whether or not the address is known. */
export const SendCode = Type.Object(
  {
    purpose: CodePurpose,
    /** A phone number or an e-mail address. */
    to: Type.String({ minLength: 3, maxLength: 254, examples: ['154 0000 1000'] }),
    captcha: Type.String({ maxLength: 4096, examples: ['eyJjaGFsbGVuZ2UiOnt9fQ=='] }),
    locale: Locale,
  },
  { additionalProperties: false },
)
export type SendCode = Static<typeof SendCode>

export const CodeSent = Type.Object(
  {
    validSeconds: Type.Integer(),
    resendAfterSeconds: Type.Integer(),
    to: Type.String({ description: 'Masked', examples: ['154****1000'] }),
  },
  { additionalProperties: false },
)
export type CodeSent = Static<typeof CodeSent>

const Code = Type.String({ pattern: '^[0-9]{6}$', examples: ['204816'] })

/** `POST /v1/codes/payer`: proves the payer's phone for this session (a guest session is made when there is none). */
export const ProvePayer = Type.Object({ number: NumberInput, code: Code }, { additionalProperties: false })
export type ProvePayer = Static<typeof ProvePayer>

/** `POST /v1/log-ins`: by code to the phone, by code to the e-mail, or by password. */
export const LogIn = Type.Union([
  Type.Object(
    { by: Type.Literal('sms-code'), number: NumberInput, code: Code },
    { additionalProperties: false },
  ),
  Type.Object(
    { by: Type.Literal('email-code'), email: Type.String({ format: 'email', maxLength: 254 }), code: Code },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      by: Type.Literal('password'),
      /** Phone number or e-mail. */
      name: Type.String({ minLength: 3, maxLength: 254, examples: ['lin@example.com'] }),
      password: Type.String({ maxLength: 256, examples: ['nine kettles whistle at dawn'] }),
      captcha: Type.String({ maxLength: 4096, examples: ['eyJjaGFsbGVuZ2UiOnt9fQ=='] }),
    },
    { additionalProperties: false },
  ),
])
export type LogIn = Static<typeof LogIn>

/** `POST /v1/registrations`: an account for the holder of a number; the code (`register` or `log-in`) went to it. */
export const Register = Type.Object(
  {
    number: NumberInput,
    code: Code,
    /** At least 15 characters; the e-mail address is set afterwards, once a code has proved it. */
    password: Type.Optional(Type.String({ maxLength: 256, examples: ['nine kettles whistle at dawn'] })),
    acceptedTerms: Type.Literal(true),
    termsVersion: Type.String({ maxLength: 32, examples: ['2026-11'] }),
    locale: Locale,
  },
  { additionalProperties: false },
)
export type Register = Static<typeof Register>

/** `POST /v1/me/lines`: binds a line of this brand to the account by a code sent to it. */
export const BindLine = Type.Object({ number: NumberInput, code: Code }, { additionalProperties: false })
export type BindLine = Static<typeof BindLine>

/** `PUT /v1/me/password`. */
export const SetPassword = Type.Object(
  {
    current: Type.Optional(Type.String({ maxLength: 256, examples: ['nine kettles whistle at dawn'] })),
    /** At least 15 characters. */
    next: Type.String({ maxLength: 256, examples: ['ten lanterns sway over the quay'] }),
  },
  { additionalProperties: false },
)
export type SetPassword = Static<typeof SetPassword>

/** `PUT /v1/me/email`: the code went to the new address. */
export const SetEmail = Type.Object(
  { email: Type.String({ format: 'email', maxLength: 254 }), code: Code },
  { additionalProperties: false },
)
export type SetEmail = Static<typeof SetEmail>

/** `POST /v1/ussd`: the network's gateway passes on what a handset dialled. */
export const UssdRequest = Type.Object(
  { msisdn: Msisdn, text: Type.String({ maxLength: 160, examples: ['*101#'] }) },
  { additionalProperties: false },
)
export const UssdAnswer = Type.Object(
  { text: Type.String({ examples: ['余额 ¥12.80'] }), continue: Type.Boolean() },
  { additionalProperties: false },
)

const DisplayName = Type.String({ minLength: 1, maxLength: 40, examples: ['小林'] })

/** A change of phone that waits: it takes effect at `dueAt` unless somebody stops it. */
export const PhoneChangeView = Type.Object(
  {
    to: Type.String({ description: 'Masked', examples: ['154****5678'] }),
    askedAt: Instant,
    dueAt: Instant,
  },
  { additionalProperties: false },
)
export type PhoneChangeView = Static<typeof PhoneChangeView>

/** `GET /v1/me`: the account as its holder sees it. */
export const AccountView = Type.Object(
  {
    name: Type.Union([DisplayName, Type.Null()], { description: 'What the holder wishes to be called' }),
    /** Of messages to the holder. */
    locale: Locale,
    msisdn: Type.Union([Msisdn, Type.Null()]),
    email: Type.Union([Type.String({ examples: ['lin@example.com'] }), Type.Null()]),
    hasPassword: Type.Boolean(),
    registeredAt: Instant,
    terms: Type.Object(
      {
        accepted: Type.String({ description: 'The version accepted last', examples: ['2026-11'] }),
        inForce: Type.String({ examples: ['2026-11'] }),
      },
      { additionalProperties: false },
    ),
    phoneChange: Type.Union([PhoneChangeView, Type.Null()]),
  },
  { additionalProperties: false },
)
export type AccountView = Static<typeof AccountView>

/** `PUT /v1/me/profile`. */
export const SetProfile = Type.Object(
  { name: Type.Union([Type.String({ maxLength: 80, examples: ['小林'] }), Type.Null()]), locale: Locale },
  { additionalProperties: false },
)
export type SetProfile = Static<typeof SetProfile>

/** `POST /v1/me/terms`: accepts the version in force. */
export const AcceptTerms = Type.Object(
  { version: Type.String({ maxLength: 32, examples: ['2026-11'] }) },
  { additionalProperties: false },
)
export type AcceptTerms = Static<typeof AcceptTerms>

/**
 * `PUT /v1/me/phone`: `code` went to the new number (`new-phone`). With `proof` by a code to the old phone (`change-phone`)
 * the change is made at once; where that phone is lost, by a code to the account's mailbox and the password, after a wait
 * in which it can be stopped.
 */
export const ChangePhone = Type.Object(
  {
    number: NumberInput,
    code: Code,
    proof: Type.Union([
      Type.Object({ by: Type.Literal('phone'), code: Code }, { additionalProperties: false }),
      Type.Object(
        {
          by: Type.Literal('email'),
          code: Code,
          password: Type.String({ maxLength: 256, examples: ['nine kettles whistle at dawn'] }),
        },
        { additionalProperties: false },
      ),
    ]),
  },
  { additionalProperties: false },
)
export type ChangePhone = Static<typeof ChangePhone>

/** `POST /v1/me/closure`: closes the account; the password where it has one. */
export const CloseAccount = Type.Object(
  {
    current: Type.Optional(Type.String({ maxLength: 256, examples: ['nine kettles whistle at dawn'] })),
    understood: Type.Literal(true),
  },
  { additionalProperties: false },
)
export type CloseAccount = Static<typeof CloseAccount>

/** A browser that is signed in. */
export const DeviceView = Type.Object(
  {
    id: IdWire,
    current: Type.Boolean({ description: 'The one that asks' }),
    browser: Type.Union([Type.String(), Type.Null()], { examples: ['chrome'] }),
    system: Type.Union([Type.String(), Type.Null()], { examples: ['android'] }),
    assurance: Assurance,
    openedAt: Instant,
    seenAt: Instant,
  },
  { additionalProperties: false },
)
export type DeviceView = Static<typeof DeviceView>

/** `GET /v1/me/sessions`: this device first, then by when it was last seen. */
export const DevicesView = Type.Object({ sessions: Type.Array(DeviceView) }, { additionalProperties: false })
export type DevicesView = Static<typeof DevicesView>
