import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Operator } from '../registry.ts'

const patienceMs = 15_000

/** What the network shows on the handset after a USSD string, or in plain words why there is nothing to show. */
export type UssdAnswer = { text: string; continue: boolean } | { error: string }

/**
 * Sends what was dialled to the operator: `POST {baseUrl}/v1/ussd`, bearer key, `{"msisdn","text"}`; answered
 * `{"text","continue"}`, where `continue` asks the subscriber for another input.
 */
export function dial(operator: Operator, msisdn: string, text: string): Promise<UssdAnswer> {
  return new Promise((resolve) => {
    const target = new URL('/v1/ussd', operator.baseUrl)
    const body = JSON.stringify({ msisdn, text })
    const request = target.protocol === 'https:' ? requestHttps : requestHttp
    const call = request(
      target,
      {
        method: 'POST',
        agent: false,
        headers: {
          authorization: `Bearer ${operator.ussdKey}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
        signal: AbortSignal.timeout(patienceMs),
      },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', (error) => resolve({ error: error.message }))
        incoming.on('end', () =>
          resolve(readAnswer(incoming.statusCode ?? 0, Buffer.concat(chunks).toString('utf8'))),
        )
      },
    )
    call.on('error', (error) => resolve({ error: `${operator.baseUrl}: ${error.message}` }))
    call.end(body)
  })
}

function readAnswer(status: number, body: string): UssdAnswer {
  if (status !== 200) return { error: `HTTP ${status} ${body.slice(0, 300)}` }
  try {
    const answer = JSON.parse(body) as { text?: unknown; continue?: unknown }
    if (typeof answer.text === 'string') return { text: answer.text, continue: answer.continue === true }
  } catch {
    // Reported below: an answer that is not the agreed JSON cannot be shown.
  }
  return { error: `HTTP 200, but not {"text","continue"}: ${body.slice(0, 300)}` }
}
