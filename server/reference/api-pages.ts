import type { JsonSchema } from './component.ts'
import { curlOf } from './curl.ts'
import type { ApiDocument, OperationObject, ParameterObject } from './document.ts'
import type { Shown } from './example.ts'
import { framed, jsonBlock, linked, matches, type Reader, searchedList } from './frame.ts'
import { type Html, html, prose } from './html.ts'
import { fieldsView } from './schema-view.ts'

/** An operation where it stands in the document. */
export interface Placed {
  readonly method: string
  readonly path: string
  readonly operation: OperationObject
}

export function placedOperations(document: ApiDocument): Placed[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )
}

/** The API on one page: what all operations keep to, and the list of them. */
export function overviewPage(reader: Reader, document: ApiDocument): string {
  const { words } = reader
  const found = placedOperations(document).filter((placed) => isFound(reader, placed))
  const main = html`<h1>${document.info.title} <small>${document.info.version}</small></h1>
<p class="note">${words.englishOnly}</p>
<div class="prose" lang="en">${prose(document.info.description)}</div>
<h2>${words.operations}</h2>
${document.tags.map((tag) => {
  const ours = found.filter(({ operation }) => operation.tags.includes(tag.name))
  return (
    ours.length > 0 &&
    html`<section class="group" lang="en"><h3>${tag.name}</h3><p>${tag.description}</p><ul class="cards">${ours.map((placed) => card(reader, placed))}</ul></section>`
  )
})}
${found.length === 0 && html`<p class="note">${words.none}</p>`}`
  return framed(reader, { title: words.title, place: 'api', aside: aside(reader, document), main })
}

export function operationPage(reader: Reader, document: ApiDocument, placed: Placed): string {
  const { words } = reader
  const { operation, method, path } = placed
  const { parameters, requestBody, responses } = operation
  const named = document.components.schemas as Readonly<Record<string, JsonSchema>>
  const main = html`<p class="crumb" lang="en">${operation.tags[0]}</p>
<h1 lang="en">${operation.summary}</h1>
<p class="address">${methodMark(method)} <code>${path}</code></p>
<div class="prose" lang="en">${prose(operation.description)}</div>
<h2>${words.auth}</h2><p>${credentials(reader, operation)}</p>
${parameters.length > 0 && html`<h2>${words.parameters}</h2><ul class="fields">${parameters.map((parameter) => parameterView(reader, parameter, document))}</ul>`}
${requestBody && html`<h2>${words.body}</h2>${content(reader, requestBody.content, named, 'asked')}`}
<h2>${words.curl}</h2>
<div class="copied"><pre tabindex="0"><code>${curlOf(placed, reader.brand, reader.origin)}</code></pre><button type="button" data-copy hidden>${words.copy}</button></div>
${Object.entries(responses)
  .filter(([status]) => status < '400')
  .map(
    ([status, response]) =>
      html`<h2>${words.answer} <span class="status ok">${status}</span></h2>${response.content ? content(reader, response.content, named, 'answered') : html`<p class="note">${words.answerEmpty}</p>`}`,
  )}
<h2>${words.refusals}</h2>
<dl class="refusals">${Object.entries(responses)
    .filter(([status]) => status >= '400')
    .map(
      ([status, { 'x-codes': codes = [] }]) =>
        html`<div><dt><span class="status">${status}</span></dt><dd>${codes.map((code) => html`<a class="code" href="${linked(reader, `/problems/${code}`)}">${code}</a> `)}</dd></div>`,
    )}</dl>`
  return framed(reader, {
    title: operation.summary,
    place: 'api',
    aside: aside(reader, document, operation.operationId),
    main,
  })
}

function isFound({ query }: Reader, { method, path, operation }: Placed): boolean {
  return matches(query, wordsOf(method, path, operation))
}

/** What a search looks through. */
function wordsOf(
  method: string,
  path: string,
  { operationId, summary, tags, responses }: OperationObject,
): string {
  const codes = Object.values(responses).flatMap((response) => response['x-codes'] ?? [])
  return [method, path, operationId, summary, ...tags, ...new Set(codes)].join(' ').toLowerCase()
}

function aside(reader: Reader, document: ApiDocument, current?: string): Html {
  const groups = document.tags.map((tag) => {
    const ours = placedOperations(document).filter(
      (placed) => placed.operation.tags.includes(tag.name) && isFound(reader, placed),
    )
    if (ours.length === 0) return html``
    return html`<section data-group lang="en"><h2>${tag.name}</h2><ul>${ours.map(
      ({ method, path, operation }) =>
        html`<li data-words="${wordsOf(method, path, operation)}"><a href="${linked(reader, `/docs/api/${operation.operationId}`)}"${operation.operationId === current && html` aria-current="page"`}>${operation.summary}</a></li>`,
    )}</ul></section>`
  })
  return searchedList(reader, reader.words.search, '/docs/api', html`${groups}`)
}

function card(reader: Reader, { method, path, operation }: Placed): Html {
  return html`<li><a href="${linked(reader, `/docs/api/${operation.operationId}`)}"><b>${operation.summary}</b><span>${methodMark(method)} <code>${path}</code></span></a></li>`
}

function methodMark(method: string): Html {
  return html`<span class="method ${method}">${method.toUpperCase()}</span>`
}

function credentials({ words }: Reader, { security }: OperationObject): Html[] {
  return security.map((one, i) => {
    const [[kind, roles] = []] = Object.entries(one)
    const said =
      kind === undefined
        ? html`${words.authNone}`
        : kind === 'apiKey'
          ? html`${roles?.length ? words.authKey : words.authKeyAny} ${roles?.map((role) => html`<code>${role}</code>`)}`
          : html`${roles?.length ? words.authSession : words.authSessionAny} ${roles?.map((role) => html`<code>${role}</code>`)}`
    return html`${i > 0 && ` ${words.oneOf} `}${said}`
  })
}

function parameterView(
  { words }: Reader,
  parameter: OperationObject['parameters'][number],
  { components }: ApiDocument,
): Html {
  const {
    name,
    in: place,
    required,
    description,
    schema,
  } = '$ref' in parameter ? (components.parameters.IdempotencyKey as ParameterObject) : parameter
  const kind = schema.$ref?.split('/').at(-1) ?? schema.format ?? schema.type ?? ''
  return html`<li><div class="field-head"><code class="name">${name}</code> <span class="kind">${kind} · ${words[`in_${place}`]}</span> <span class="${required ? 'must' : 'may'}">${required ? words.required : words.optional}</span></div>${description && html`<div lang="en">${prose(description)}</div>`}</li>`
}

function content(
  { words }: Reader,
  bodies: NonNullable<OperationObject['requestBody']>['content'],
  named: Readonly<Record<string, JsonSchema>>,
  shown: Shown,
): Html[] {
  return Object.entries(bodies).map(
    ([type, { schema, example }]) =>
      html`<div lang="en">${fieldsView(schema, named, words, shown)}</div><h3>${words.example} <small>${type}</small></h3>${typeof example === 'string' ? html`<pre tabindex="0"><code>${example}</code></pre>` : jsonBlock(example)}`,
  )
}
