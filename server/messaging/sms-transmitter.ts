import type { PduFields } from 'smpp'
import type { Brand } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Answer } from './message.ts'
import { type Segment, segmentsOf } from './segment.ts'
import { createSmppLink, type SmppLinkDeps, type SubmitAnswer } from './smpp-link.ts'
import type { Outgoing, Transmission, Transmitter } from './transmitter.ts'

/** Addresses: type of number and numbering plan (SMPP 3.4, 5.2.5 and 5.2.6). */
const INTERNATIONAL = { ton: 1, npi: 1 }
const NETWORK_SPECIFIC = { ton: 3, npi: 0 }
const ALPHANUMERIC = { ton: 5, npi: 0 }
/** Bits 1-0: one receipt when the final outcome is known, whatever it is (5.2.17). */
const FINAL_RECEIPT = 1
const SHORTEST_VALIDITY_SECONDS = 60
const LONGEST_VALIDITY_SECONDS = 7 * 24 * 3_600

/** Sends SMS over the brand's one SMPP link; each message as one submit_sm, or one for each part. */
export function createSmsTransmitter(deps: SmppLinkDeps & { readonly brand: Brand }): Transmitter {
  const { brand, channel, clock } = deps
  const link = createSmppLink(deps)
  return {
    capacity: channel.window,
    ready: () => link.ready(),
    close: () => link.close(),
    async transmit(outgoing) {
      const segments = segmentsOf(outgoing.text.body, referenceOf(outgoing.id))
      const missing = segments
        .map((segment, index) => ({ segment, part: index + 1 }))
        .filter(({ part }) => !outgoing.partsTaken.includes(part))
      const answers = await Promise.all(
        missing.map(async ({ segment, part }) => ({
          part,
          answer: await link.submit(submission(brand, outgoing, segment, clock), outgoing.deadlineMs),
        })),
      )
      return summary(answers, segments.length)
    },
  }
}

/**
 * The parts' reference is read from the random end of the message's id: every try carries the same one, so that a
 * handset which already has some of the parts completes the message with the missing ones.
 */
function referenceOf(id: string): number {
  return Number.parseInt(id.slice(-2), 16)
}

function submission(brand: Brand, outgoing: Outgoing, segment: Segment, clock: Clock): PduFields {
  const sender = /^\d+$/.test(brand.smsSender) ? NETWORK_SPECIFIC : ALPHANUMERIC
  return {
    source_addr_ton: sender.ton,
    source_addr_npi: sender.npi,
    source_addr: brand.smsSender,
    dest_addr_ton: INTERNATIONAL.ton,
    dest_addr_npi: INTERNATIONAL.npi,
    destination_addr: outgoing.to,
    esm_class: segment.esmClass,
    registered_delivery: FINAL_RECEIPT,
    validity_period: relativeTime(outgoing.notAfterMs - clock.instant()),
    data_coding: segment.dataCoding,
    short_message: segment.userData,
  }
}

/** `YYMMDDhhmmss000R` (SMPP 3.4, 7.1.1.2): counted from the SMSC's own clock, so that ours need not agree with it. */
export function relativeTime(ms: number): string {
  const seconds = Math.floor(
    Math.min(Math.max(ms / 1_000, SHORTEST_VALIDITY_SECONDS), LONGEST_VALIDITY_SECONDS),
  )
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const days = two(seconds / 86_400)
  const hours = two((seconds % 86_400) / 3_600)
  const minutes = two((seconds % 3_600) / 60)
  return `0000${days}${hours}${minutes}${two(seconds % 60)}000R`
}

/** The whole is as good as its worst part: unknown before refused, refused before later, later before not sent. */
function summary(
  answers: readonly { readonly part: number; readonly answer: SubmitAnswer }[],
  parts: number,
): Transmission {
  const taken = answers.flatMap(({ part, answer }) =>
    answer.smscId ? [{ part, smscId: answer.smscId }] : [],
  )
  let answer: Answer = { kind: 'yes' }
  for (const { answer: other } of answers) if (badness(other) > badness(answer)) answer = other
  return { answer, parts, taken }
}

function badness(answer: Answer): number {
  if (answer.kind === 'yes') return 0
  if (answer.kind === 'unknown') return 4
  return { 'at-once': 1, later: 2, never: 3 }[answer.again]
}
