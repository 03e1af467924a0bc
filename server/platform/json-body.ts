import { refuse } from './error.ts'
import { httpErrors } from './problem.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })
const REACHING = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * A request's body as JSON that means one thing to every reader (RFC 7493): UTF-8, no name twice in an object, no name that
 * reaches into prototypes, no NUL, which PostgreSQL has no text for. Refuses anything else.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  let text: string
  let value: unknown
  try {
    text = utf8.decode(bytes)
    value = JSON.parse(text)
  } catch {
    throw refuse(httpErrors['body-malformed'])
  }
  checkNames(text)
  return value
}

/** Walks text that is known to be JSON; `JSON.parse` itself keeps the last of two equal names without a word. */
function checkNames(text: string): void {
  // The names of every open object; null for an open array.
  const open: (Set<string> | null)[] = []
  let nameNext = false
  for (let i = 0; i < text.length; i++) {
    switch (text[i]) {
      case '{':
        open.push(new Set())
        nameNext = true
        break
      case '[':
        open.push(null)
        break
      case '}':
      case ']':
        open.pop()
        nameNext = false
        break
      case ',':
        nameNext = open.at(-1) !== null
        break
      case '"': {
        const end = endOfString(text, i)
        if (nameNext) checkName(text.slice(i, end + 1), open.at(-1) as Set<string>)
        nameNext = false
        i = end
      }
    }
  }
}

function endOfString(text: string, start: number): number {
  let i = start + 1
  while (text[i] !== '"') {
    if (text[i] !== '\\') i++
    else if (text.startsWith('u0000', i + 1)) throw refuse(httpErrors['body-malformed'])
    else i += 2
  }
  return i
}

function checkName(quoted: string, taken: Set<string>): void {
  const name = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
  if (REACHING.has(name)) throw refuse(httpErrors['body-malformed'])
  if (taken.has(name)) throw refuse(httpErrors['field-repeated'], { name, in: 'body' })
  taken.add(name)
}
