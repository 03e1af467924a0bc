import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { createSwitches } from '../brand/index.ts'
import { createPayments } from '../payment/index.ts'
import { ConfigProblems } from '../platform/config.ts'
import { demandLoopback } from './loopback.ts'
import { sandboxChannels, sandboxPartners } from './sandbox.ts'

const { db, brands, clock, log } = await testDatabase()

/** A merchant whose provider is reached at this address. */
async function addMerchant(id: string, gateway: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const payments = createPayments({
    ...{ db, brands, switches: createSwitches({ db, clock }), clock, log, masterKey: Buffer.alloc(32) },
    originOf: () => '',
  })
  await db.of('laika').tx((tx) =>
    payments.addMerchant(tx, {
      ...{ provider: 'alipay', id, seller: '2088000000000001', currency: 'CNY', gateway, enabled: true },
      privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
      providerKeys: [publicKey.export({ type: 'spki', format: 'der' }).toString('base64')],
    }),
  )
}

test('a demo pays at this machine, or does not start', async () => {
  await addMerchant('2021000000000001', 'http://127.0.0.1:4010/gateway.do')
  await demandLoopback({ db, brands })
  await addMerchant('2021000000000002', 'https://openapi.alipay.com/gateway.do')
  await expect(demandLoopback({ db, brands })).rejects.toThrow(ConfigProblems)
  await expect(demandLoopback({ db, brands })).rejects.toThrow(
    'alipay 2021000000000002 at https://openapi.alipay.com',
  )
})

test('its messages and mail go to this machine, whatever the environment says', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'loopback-'))
  process.env.BAOHAO_SMS_LAIKA = 'smpps://laika:secret@smsc.example.com:2775'
  process.env.BAOHAO_MAIL_LAIKA = 'smtps://mail.example.com'
  try {
    const partners = sandboxPartners(dataDir, ['laika', 'harbour'])
    for (const brand of ['laika', 'harbour']) {
      const { sms, email } = sandboxChannels(partners, brand)
      expect([sms?.host, email?.host]).toEqual(['127.0.0.1', '127.0.0.1'])
    }
  } finally {
    delete process.env.BAOHAO_SMS_LAIKA
    delete process.env.BAOHAO_MAIL_LAIKA
    rmSync(dataDir, { recursive: true })
  }
})
