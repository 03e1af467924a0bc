import { createTransport } from 'nodemailer'
import type { Log } from '../platform/log.ts'
import { outbound } from '../platform/outbound-http.ts'
import type { EmailChannel, SmsChannel } from './channels.ts'
import { bindSession } from './smpp-session.ts'

/** Binds and lets go again; nothing is sent. Answers null, or why it cannot be. */
export async function probeSms(channel: SmsChannel, log: Log): Promise<string | null> {
  const nothing = async () => undefined
  const bound = await outbound('smsc bind', () =>
    bindSession({ channel, log, onReceipt: nothing, onAlive: () => undefined, onClose: () => undefined }),
  )
  if (typeof bound === 'string') return bound
  await bound.unbind()
  return null
}

/** Greets the mail server, and logs in where a name is set; nothing is sent. Answers null, or why it cannot be. */
export async function probeEmail({
  host,
  port,
  tls,
  user,
  password,
  timeoutMs,
}: EmailChannel): Promise<string | null> {
  const patience = timeoutMs / 4
  const server = createTransport({
    ...{ host, port, secure: tls === 'implicit', requireTLS: tls === 'required', ignoreTLS: tls === 'none' },
    ...{ connectionTimeout: patience, greetingTimeout: patience, socketTimeout: patience },
    ...{ disableFileAccess: true, disableUrlAccess: true },
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
  })
  try {
    await outbound('smtp greet', () => server.verify())
    return null
  } catch (error) {
    const { code, responseCode } = error as { code?: string; responseCode?: number }
    return [code ?? 'unknown error', responseCode ?? ''].join(' ').trim()
  } finally {
    server.close()
  }
}
