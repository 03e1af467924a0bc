import type { Pdu } from 'smpp'
import type { Part } from './message.ts'

export type Submission = Pick<Part, 'from' | 'to' | 'text' | 'concat' | 'receipt'>

/** Characters that take two septets in the GSM 7-bit default alphabet (3GPP TS 23.038, 6.2.1.1). */
const twoSeptets = /[\f^{}\\[~\]|€]/g
const codings = [0, 1, 3, 8]
/** Octets of user data in one short message (3GPP TS 23.040). */
const userDataOctets = 140

/**
 * Reads a submit_sm, or answers why it cannot be accepted, as an SMPP 3.4 command_status name. Short messages may not be
 * longer than one radio message: 160 septets or 70 UCS-2 characters, less with a user data header.
 */
export function readSubmission(pdu: Pdu): Submission | { status: string } {
  const to = pdu.destination_addr ?? ''
  if (!/^\d{3,15}$/.test(to)) return { status: 'ESME_RINVDSTADR' }
  const from = pdu.source_addr ?? ''
  if (from === '') return { status: 'ESME_RINVSRCADR' }
  const coding = pdu.data_coding ?? 0
  if (!codings.includes(coding)) return { status: 'ESME_RSUBMITFAIL' }
  const payload = pdu.message_payload
  const short = pdu.short_message
  const content = payload ?? short
  if (!content || typeof content.message !== 'string') return { status: 'ESME_RSUBMITFAIL' }
  const header = content.udh ?? short?.udh ?? []
  if (!payload && tooLong(content.message, coding, header)) return { status: 'ESME_RINVMSGLEN' }
  const concat = readConcatenation(header, pdu)
  if (concat && (concat.number < 1 || concat.number > concat.total)) return { status: 'ESME_RSUBMITFAIL' }
  const receipt = (['none', 'always', 'on-failure', 'none'] as const)[(pdu.registered_delivery ?? 0) & 3]
  return { from, to, text: content.message, receipt: receipt ?? 'none', ...(concat ? { concat } : {}) }
}

function tooLong(text: string, coding: number, header: Buffer[]): boolean {
  const headerOctets = header.length === 0 ? 0 : header.reduce((sum, element) => sum + element.length, 1)
  const room = userDataOctets - headerOctets
  if (coding === 8) return text.length * 2 > room
  if (coding === 3) return text.length > room
  const septets = text.length + (text.match(twoSeptets)?.length ?? 0)
  return septets > Math.floor((room * 8) / 7)
}

/** From the user data header (8-bit or 16-bit reference) or from the sar_ parameters. */
function readConcatenation(header: Buffer[], pdu: Pdu): Part['concat'] | undefined {
  for (const element of header) {
    const [identifier, length, ...data] = element
    const [a = 0, b = 0, c = 0, d = 0] = data
    if (identifier === 0x00 && length === 3) return { reference: a, total: b, number: c }
    if (identifier === 0x08 && length === 4) return { reference: a * 256 + b, total: c, number: d }
  }
  const { sar_msg_ref_num: reference, sar_total_segments: total, sar_segment_seqnum: number } = pdu
  if (reference === undefined || total === undefined || number === undefined) return undefined
  return { reference, total, number }
}
