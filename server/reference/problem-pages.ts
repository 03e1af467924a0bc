import { STATUS_CODES } from 'node:http'
import { exampleProblem, type Problem, statusOf } from '../platform/problem.ts'
import { placedOperations } from './api-pages.ts'
import { type ProblemKind, problemKinds } from './catalogues.ts'
import type { ApiDocument } from './document.ts'
import { framed, jsonBlock, linked, matches, type Reader, searchedList } from './frame.ts'
import { type Html, html, inline } from './html.ts'
import { type Help, type Language, textsOf } from './reader.ts'

const REQUEST = '01KARVZQ8E6T2M4N7P9R1S3V5X'

/** What a program is told of a code. */
export interface ProblemView extends Help {
  readonly code: string
  readonly status: number
  readonly titles: readonly string[]
  readonly moneyMoved: Problem['moneyMoved']
  readonly example: Problem
}

export function problemView(kind: ProblemKind, language: Language): ProblemView {
  const example = exampleProblem(kind, REQUEST)
  const { code, titles } = kind
  const { meaning, action } = helpOf(code, language)
  return { code, status: example.status, titles, moneyMoved: example.moneyMoved, meaning, action, example }
}

/** A test sees to it that every code has its help; where one were missing, its title would have to do. */
function helpOf(code: string, language: Language): Help {
  return textsOf[language].help[code] ?? { meaning: problemKinds.get(code)?.titles[0] ?? code, action: '' }
}

export function problemsPage(reader: Reader): string {
  const { words, language } = reader
  const found = foundBy(reader)
  const byStatus = Map.groupBy(found, (kind) => statusOf(kind))
  const main = html`<h1>${words.problems}</h1>
<p class="lead">${inline(words.problemsLead)}</p>
${[...byStatus]
  .toSorted(([a], [b]) => a - b)
  .map(
    ([status, kinds]) =>
      html`<section class="group"><h2><span class="status">${status}</span> <small lang="en">${STATUS_CODES[status]}</small></h2><ul class="problems">${kinds.map((kind) => html`<li><a class="code" href="${linked(reader, `/problems/${kind.code}`)}">${kind.code}</a><p>${inline(helpOf(kind.code, language).meaning)}</p></li>`)}</ul></section>`,
  )}
${found.length === 0 && html`<p class="note">${words.none}</p>`}`
  return framed(reader, { title: words.problems, place: 'problems', aside: aside(reader), main })
}

export function problemPage(reader: Reader, kind: ProblemKind, document: ApiDocument): string {
  const { words, language } = reader
  const { code, status, meaning, action, moneyMoved, example } = problemView(kind, language)
  // Every problem has that one.
  const members = Object.entries(kind.members).filter(([name]) => name !== 'moneyMoved')
  const main = html`<p class="crumb"><a href="${linked(reader, '/problems')}">${words.problems}</a></p>
<h1><code>${code}</code></h1>
<p class="lead">${inline(meaning)}</p>
<dl class="facts">
<div><dt>${words.status}</dt><dd><span class="status">${status}</span> <span lang="en">${STATUS_CODES[status]}</span></dd></div>
<div class="${moneyMoved === 'unknown' ? 'warn' : 'good'}"><dt>${words.money}</dt><dd>${moneyMoved === 'unknown' ? words.money_unknown : words.money_false}</dd></div>
<div><dt>${words.action}</dt><dd>${inline(action)}</dd></div>
<div><dt>${words.people}</dt><dd>${peopleText(code, language)}</dd></div>
<div><dt>${words.members}</dt><dd>${members.length === 0 ? words.membersNone : html`<ul class="members">${members.map(([name, value]) => html`<li><code>${name}</code> <code class="value">${JSON.stringify(value)}</code></li>`)}</ul>`}</dd></div>
</dl>
<h2>${words.whole} <small>application/problem+json</small></h2>
${jsonBlock(example)}
<h2>${words.answeredBy}</h2>
${answeredBy(reader, code, document)}`
  return framed(reader, { title: code, place: 'problems', aside: aside(reader, code), main })
}

/** For an address that names nothing: the list is beside it. */
export function missingPage(reader: Reader): string {
  const { words } = reader
  const main = html`<h1>${words.unknownProblem}</h1><p><a href="${linked(reader, '/problems')}">${words.seeAll}</a></p>`
  return framed(reader, { title: words.unknownProblem, place: 'problems', aside: aside(reader), main })
}

function foundBy({ query, language }: Reader): ProblemKind[] {
  return [...problemKinds.values()].filter((kind) => matches(query, wordsOf(kind, language)))
}

function wordsOf({ code, titles }: ProblemKind, language: Language): string {
  const { meaning, action } = helpOf(code, language)
  return [code, ...titles, meaning, action].join(' ').toLowerCase()
}

function aside(reader: Reader, current?: string): Html {
  const items = foundBy(reader).map(
    (kind) =>
      html`<li data-words="${wordsOf(kind, reader.language)}"><a href="${linked(reader, `/problems/${kind.code}`)}"${kind.code === current && html` aria-current="page"`}><code>${kind.code}</code></a></li>`,
  )
  const list = items.length === 0 ? html`` : html`<section data-group><ul>${items}</ul></section>`
  return searchedList(reader, reader.words.searchProblems, '/problems', list)
}

/** Every sentence that people may be told; what is filled in stands by its member’s name. */
function peopleText(code: string, language: Language): Html[] {
  const texts = Object.entries(textsOf[language].people[code] ?? {})
  return texts
    .filter(([key]) => key === 'text' || key.startsWith('text_'))
    .map(
      ([, text]) =>
        html`<p>${text.split(/(\{\{\w+\}\})/).map((piece) => (piece.startsWith('{{') ? html`<var>${piece.slice(2, -2)}</var>` : piece))}</p>`,
    )
}

/** More operations than this share a code that stands before all of them. */
const EVERYWHERE = 0.8

function answeredBy(reader: Reader, code: string, document: ApiDocument): Html {
  const all = placedOperations(document)
  const ours = all.filter(({ operation }) =>
    Object.values(operation.responses).some((response) => response['x-codes']?.includes(code)),
  )
  if (ours.length > all.length * EVERYWHERE) return html`<p>${reader.words.answeredByAny}</p>`
  if (ours.length === 0) return html`<p class="note">—</p>`
  return html`<ul class="cards" lang="en">${ours.map(({ operation, method, path }) => html`<li><a href="${linked(reader, `/docs/api/${operation.operationId}`)}"><b>${operation.summary}</b><span><span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code></span></a></li>`)}</ul>`
}
