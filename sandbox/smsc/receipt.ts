import type { PduFields } from 'smpp'
import { compactChinaTime } from '../clock.ts'
import type { Part } from './message.ts'

/** `YYMMDDhhmm`. */
function receiptTime(at: number): string {
  return compactChinaTime(at).slice(2, 12)
}

/**
 * The deliver_sm that tells how a part ended: esm_class says receipt, the text has the usual form of SMPP 3.4 appendix B,
 * and receipted_message_id and message_state say it again for those who do not parse.
 */
export function receiptFields(part: Part, now: number): PduFields {
  const delivered = part.outcome === 'DELIVRD'
  const text = [
    `id:${part.messageId}`,
    'sub:001',
    `dlvrd:${delivered ? '001' : '000'}`,
    `submit date:${receiptTime(part.at)}`,
    `done date:${receiptTime(now)}`,
    `stat:${part.outcome}`,
    `err:${delivered ? '000' : '027'}`,
    `text:${part.text.slice(0, 20).replace(/[^ -~]/g, '?')}`,
  ].join(' ')
  return {
    source_addr_ton: 1,
    source_addr_npi: 1,
    source_addr: part.to,
    destination_addr: part.from,
    esm_class: 0x04,
    data_coding: 0,
    // A buffer, so that the octets are plain ASCII and not the package's GSM alphabet.
    short_message: Buffer.from(text, 'latin1'),
    receipted_message_id: part.messageId,
    message_state: delivered ? 2 : 5,
  }
}
