/**
 * The part of the package `smpp` (which ships no types) that this program uses, on either side of the link. Field names are
 * those of SMPP 3.4.
 */
declare module 'smpp' {
  import type { Server as NetServer, Socket } from 'node:net'

  /** A message after the package's decoding: its user data header, one buffer per information element, and its text. */
  export interface DecodedMessage {
    message: string | Buffer
    udh?: Buffer[]
  }

  /** A message before encoding. Text is encoded by `data_coding`; a buffer goes out as it is. */
  export type OutgoingMessage = string | Buffer | { message: string | Buffer; udh?: Buffer }

  export interface PduFields {
    command_status?: number
    sequence_number?: number
    system_id?: string
    password?: string
    system_type?: string
    interface_version?: number
    sc_interface_version?: number
    service_type?: string
    source_addr_ton?: number
    source_addr_npi?: number
    source_addr?: string
    dest_addr_ton?: number
    dest_addr_npi?: number
    destination_addr?: string
    esm_class?: number
    protocol_id?: number
    priority_flag?: number
    validity_period?: string
    registered_delivery?: number
    data_coding?: number
    short_message?: OutgoingMessage
    message_payload?: OutgoingMessage
    message_id?: string
    receipted_message_id?: string
    message_state?: number
    user_message_reference?: number
    sar_msg_ref_num?: number
    sar_total_segments?: number
    sar_segment_seqnum?: number
  }

  /** A PDU as received. Which fields are present depends on the command; a failed response has none. */
  export interface Pdu extends Omit<PduFields, 'short_message' | 'message_payload'> {
    command: string
    command_id: number
    command_status: number
    sequence_number: number
    short_message?: DecodedMessage
    message_payload?: DecodedMessage
    isResponse(): boolean
    /** The matching response; `generic_nack` for an unknown command. */
    response(fields?: PduFields): Pdu
  }

  export type Command =
    | 'bind_receiver'
    | 'bind_transmitter'
    | 'bind_transceiver'
    | 'submit_sm'
    | 'deliver_sm'
    | 'enquire_link'
    | 'unbind'

  type Send = (fields: PduFields, onResponse?: (response: Pdu) => void) => boolean

  /** One SMPP link. Sending on a closed socket returns false and calls nobody back. */
  export interface Session extends Record<Command, Send> {
    socket: Socket
    send(pdu: Pdu, onResponse?: (response: Pdu) => void): boolean
    pause(): void
    resume(): void
    /** Half-closes the socket once what was written is out. */
    close(done?: () => void): void
    destroy(done?: () => void): void
    on(event: 'connect' | 'close', listener: () => void): this
    on(event: 'error', listener: (error: Error) => void): this
    on(event: 'pdu' | Command | `${Command}_resp` | 'unknown', listener: (pdu: Pdu) => void): this
  }

  export interface SmppServer extends NetServer {
    sessions: Session[]
  }

  const smpp: {
    connect(options: { url: string; auto_enquire_link_period?: number }): Session
    connect(options: { host: string; port: number; auto_enquire_link_period?: number }): Session
    createServer(onSession: (session: Session) => void): SmppServer
    PDU: new (command: string, fields?: PduFields) => Pdu
    errors: Record<string, number>
  }
  export default smpp
}
