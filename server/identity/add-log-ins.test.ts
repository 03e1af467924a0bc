import { expect, test } from 'vitest'
import { identityHouse, TERMS } from '../../test/support/identity.ts'
import { identityChecks } from './checks.ts'
import { addLogIns } from './index.ts'

const house = await identityHouse()
const given = { password: 'nine kettles whistle at dawn', termsVersion: TERMS, atMs: house.clock.instant() }
const somebody = {
  phone: '8615400007001',
  phoneEpoch: null,
  email: null,
  hasPassword: true,
  locale: 'en',
} as const

test('whoever was added logs in by number or e-mail with the password given; who has none does not', async () => {
  const ids = await house.db.of('laika').tx((tx) =>
    addLogIns(
      tx,
      [
        { ...somebody, email: 'somebody@laika.example' },
        { ...somebody, phone: '8615400007002', hasPassword: false },
      ],
      given,
    ),
  )
  expect(new Set(ids).size).toBe(2)
  const logIn = async (name: string) => {
    const visit = house.visit()
    const captcha = await visit.captcha()
    return (
      await visit.send('POST', '/v1/log-ins', { by: 'password', name, password: given.password, captcha })
    ).status
  }
  expect(await logIn('15400007001')).toBe(200)
  expect(await logIn('somebody@laika.example')).toBe(200)
  expect(await logIn('15400007002')).toBe(422)
  for (const check of identityChecks)
    expect((await house.owner.query(check.sql.replaceAll('{{brand}}', 'laika'))).rows).toEqual([])
})

test('a password that registering would refuse is refused here too', async () => {
  const add = (password: string) =>
    house.db
      .of('laika')
      .tx((tx) => addLogIns(tx, [{ ...somebody, phone: '8615400007003' }], { ...given, password }))
  await expect(add('too short')).rejects.toMatchObject({ entry: { code: 'password-too-short' } })
})
