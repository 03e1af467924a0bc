import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { apiPage, problemsPage } from './api.ts'
import { commandsPage } from './commands.ts'
import { configurationPage } from './configuration.ts'
import { clocksExample, ladderExample, ledgerExample } from './examples.ts'
import { documentOf, type Language, languages, root } from './language.ts'
import { orderStatesPage } from './order-states.ts'
import { policiesPage } from './policies.ts'
import { postingsPage } from './postings.ts'
import { railsMatrixPage } from './rails-matrix.ts'

/** Pages made whole from code. */
const pages: Readonly<Record<string, (language: Language) => string>> = {
  'reference/api.md': apiPage,
  'reference/configuration.md': configurationPage,
  'reference/order-states.md': orderStatesPage,
  'reference/policies.md': policiesPage,
  'reference/postings.md': postingsPage,
  'reference/problems.md': problemsPage,
  'reference/rails-matrix.md': railsMatrixPage,
}

/** Parts of pages that people write, made from code between `<!-- made: name -->` and `<!-- /made -->`. */
const parts: Readonly<Record<string, (language: Language) => string>> = {
  'clocks-example': clocksExample,
  'ladder-example': ladderExample,
  'ledger-example': ledgerExample,
}
const PART = /<!-- made: ([a-z-]+) -->[\s\S]*?<!-- \/made -->/g
const WITH_PARTS = ['concepts/clocks.md', 'concepts/ledger.md']

function withParts(document: string, language: Language): string {
  const text = readFileSync(join(root, document), 'utf8')
  // A part that lost its end would take what stands after it along.
  if (text.split('<!-- made: ').length !== text.split('<!-- /made -->').length)
    throw new Error(`${document} has a made part without an end`)
  return text.replace(PART, (_, name: string) => {
    const make = parts[name]
    if (!make) throw new Error(`${document} asks for ${name}, which nothing makes`)
    return `<!-- made: ${name} -->\n\n${make(language)}\n\n<!-- /made -->`
  })
}

/** Every document that follows from code, as it must be: path from the root, text. */
export async function madeDocuments(): Promise<ReadonlyMap<string, string>> {
  const made = new Map([['docs/reference/commands.md', await commandsPage()]])
  for (const language of languages) {
    for (const [page, make] of Object.entries(pages)) made.set(documentOf(language, page), make(language))
    for (const page of WITH_PARTS) {
      const document = documentOf(language, page)
      made.set(document, withParts(document, language))
    }
  }
  return made
}
