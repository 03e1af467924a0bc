import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from '../testing/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.end())

function send(mail: object) {
  const { host, port } = world.sandbox.addresses.smtp
  const transport = createTransport({ host, port, secure: false, ignoreTLS: true })
  return transport
    .sendMail({ from: '"莱卡通信" <no-reply@laika.example>', ...mail })
    .finally(() => transport.close())
}

async function messages(address: string) {
  const answer = await fetch(
    `${world.sandbox.addresses.home}/api/mailbox/${encodeURIComponent(address)}/messages`,
  )
  return ((await answer.json()) as { messages: Record<string, unknown>[] }).messages
}

const page = async (path: string) => await (await fetch(`${world.sandbox.addresses.home}${path}`)).text()

test('keeps a message for each recipient, newest first, in Chinese, with HTML and attachments', async () => {
  await send({ to: 'li@example.com', subject: '旧', text: '第一封' })
  await send({
    to: 'Li@Example.com, wang@example.com',
    subject: '验证码',
    text: '验证码 482913',
    html: '<b>482913</b>',
    attachments: [{ filename: '收据.pdf', content: Buffer.from('%PDF') }],
  })
  const box = await messages('li@example.com')
  expect(box).toMatchObject([
    {
      subject: '验证码',
      text: expect.stringContaining('482913'),
      html: expect.stringContaining('<b>482913</b>'),
      from: 'no-reply@laika.example',
      to: ['li@example.com', 'wang@example.com'],
      attachments: [{ name: '收据.pdf', type: 'application/pdf', size: 4 }],
    },
    { subject: '旧' },
  ])
  expect(await messages('wang@example.com')).toHaveLength(1)
  expect(await messages('nobody@example.com')).toEqual([])
})

test('shows messages as text, escaped, and still has them after a restart', async () => {
  await send({ to: 'zhao@example.com', subject: '<script>x</script>', text: 'a < b' })
  await world.restart()
  const shown = await page('/mailbox/zhao@example.com')
  expect(shown).toContain('&lt;script&gt;x&lt;/script&gt;')
  expect(shown).toContain('a &lt; b')
  expect(await page('/mailbox/zhao@example.com/messages')).toContain('a &lt; b')
  expect(await page('/mailbox/empty@example.com?lang=en')).toContain('No mail yet')
  const asked = await fetch(`${world.sandbox.addresses.home}/mailbox?address=a%2Bb%40c.d`, {
    redirect: 'manual',
  })
  expect(asked.headers.get('location')).toBe('/mailbox/a%2Bb%40c.d')
})

test('refuses a message of more than 10 MiB', async () => {
  await expect(
    send({ to: 'big@example.com', subject: 'big', text: 'x'.repeat(10_600_000) }),
  ).rejects.toMatchObject({ responseCode: 552 })
  expect(await messages('big@example.com')).toEqual([])
})
