import { Readable } from 'node:stream'

/** One server-sent event (WHATWG HTML 9.2.6); `data` must be one line. */
export interface ServerSentEvent {
  readonly name: string
  readonly id?: string
  readonly data: string
}

/** The body of an answer of type `text/event-stream`, whose events each replace the one before. */
export interface EventStream {
  readonly body: Readable
  /** Sends an event as soon as the reader has room; what still waits for room is dropped for it. */
  send(event: ServerSentEvent): void
  /** A comment, so that proxies keep the connection. False: the reader has not even taken what was sent before. */
  beat(): boolean
  /** Ends the body once what waits is taken, with a last event after it where one is given. */
  end(last?: ServerSentEvent): void
}

/** A reader that takes nothing is held this much, and the one event after it, whatever happens meanwhile. */
const BUFFER_BYTES = 16 * 1024

/** `retryMs`: how long a browser waits before it connects again. */
export function openEventStream(retryMs: number): EventStream {
  let hasRoom = true
  let waiting: string | undefined
  let last: string | undefined
  let ending = false
  let over = false
  const body = new Readable({
    highWaterMark: BUFFER_BYTES,
    read() {
      hasRoom = !over
      flow()
    },
  })

  function flow(): void {
    if (body.destroyed || !hasRoom) return
    if (waiting !== undefined) {
      const text = waiting
      waiting = undefined
      hasRoom = body.push(text)
    }
    if (!ending || waiting !== undefined) return
    if (last !== undefined) body.push(last)
    over = true
    hasRoom = false
    body.push(null)
  }

  body.push(`retry: ${retryMs}\n\n`)
  return {
    body,
    send(event) {
      if (ending) return
      waiting = textOf(event)
      flow()
    },
    beat() {
      if (!hasRoom) return false
      if (!ending && !body.destroyed) hasRoom = body.push(':\n\n')
      return true
    },
    end(event) {
      if (ending) return
      ending = true
      last = event && textOf(event)
      flow()
    },
  }
}

function textOf({ name, id, data }: ServerSentEvent): string {
  return `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`
}
