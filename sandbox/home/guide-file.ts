import { readFileSync } from 'node:fs'
import type { Language } from '../web/page.ts'

type Both = Record<Language, string>

/** A number as people write it, and its digits with country code. */
export interface GuideNumber {
  msisdn: string
  text: string
}

export interface GuidePerson {
  title: Both
  story: Both
  number: GuideNumber
  email: string | null
  hasPassword: boolean
  numberLost: boolean
  lines: number
}

export interface GuideBrand {
  name: Both
  baseUrl: string
  logIn: string
  people: GuidePerson[]
  stages: { name: Both; numbers: GuideNumber[] }[]
}

export interface GuideThing {
  title: Both
  text: Both
  /** An address of its own, or a path of the sandbox. */
  links: { label: Both; path: string }[]
  command: string | null
}

/** Who can log in where, and what is worth trying: told by whoever provisioned the sandbox, shown on `/guide`. */
export interface Guide {
  title: Both
  lead: Both
  password: { label: Both; value: string }
  /** How to see the token that the fault knobs ask for. */
  token: { label: Both; command: string }
  brands: GuideBrand[]
  things: GuideThing[]
}

/** The guide of the data directory as it is now; undefined: nobody has written one. Throws when it is not JSON. */
export function readGuide(path: string): Guide | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return JSON.parse(text) as Guide
}
