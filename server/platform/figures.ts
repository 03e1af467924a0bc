/**
 * Figures for Prometheus, in its text format 0.0.4. A figure's cell is found once and kept by who counts, so that counting costs
 * an addition. Labels take few values each (a route's template, never its address); what would be too many shares one cell.
 */
export interface Figures {
  counter(name: string, help: string, labels?: readonly string[]): Family<Counter>
  gauge(name: string, help: string, labels?: readonly string[]): Family<Gauge>
  /** `bounds`: upper bounds of the buckets, rising; one without a bound is added. */
  histogram(
    name: string,
    help: string,
    bounds: readonly number[],
    labels?: readonly string[],
  ): Family<Histogram>
  /** Called before the figures are told, to set gauges to what holds now. */
  beforeTelling(look: () => void): void
  text(): string
}

export interface Family<Cell> {
  /** The cell of these label values, in the order of the labels. */
  of(...values: readonly string[]): Cell
}

export interface Counter {
  add(by?: number): void
}

export interface Gauge {
  set(value: number): void
}

export interface Histogram {
  observe(value: number): void
}

/** A family never has more cells than this; the rest are counted together under this label value. */
const MOST_CELLS = 2_000
const OTHER = 'other'

interface Cell {
  /** The samples of this cell: what follows the name, the labels, the value. */
  samples(): readonly (readonly [suffix: string, labels: string, value: number])[]
}

interface ToldFamily {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly cells: Map<string, Cell>
}

export function createFigures(): Figures {
  const families = new Map<string, ToldFamily>()
  const looks: (() => void)[] = []

  function family<C>(
    told: Omit<ToldFamily, 'cells'>,
    labels: readonly string[],
    make: (labels: string) => C & Cell,
  ): Family<C> {
    if (families.has(told.name)) throw new Error(`the figure ${told.name} is declared twice`)
    const cells = new Map<string, C & Cell>()
    families.set(told.name, { ...told, cells })
    return {
      of(...values) {
        if (values.length !== labels.length) throw new Error(`${told.name} has ${labels.length} labels`)
        const key = values.join('\0')
        const known = cells.get(key)
        if (known) return known
        const shown = cells.size < MOST_CELLS ? values : values.map(() => OTHER)
        if (shown !== values && cells.has(shown.join('\0'))) return cells.get(shown.join('\0')) as C & Cell
        const cell = make(labels.map((label, i) => `${label}="${escaped(shown[i] as string)}"`).join(','))
        cells.set(shown.join('\0'), cell)
        return cell
      },
    }
  }

  return {
    counter: (name, help, labels = []) => family({ name, help, type: 'counter' }, labels, counterCell),
    gauge: (name, help, labels = []) => family({ name, help, type: 'gauge' }, labels, gaugeCell),
    histogram: (name, help, bounds, labels = []) =>
      family({ name, help, type: 'histogram' }, labels, (of) => histogramCell(of, bounds)),
    beforeTelling: (look) => void looks.push(look),
    text() {
      for (const look of looks) look()
      return [...families.values()].map(textOf).join('')
    },
  }
}

function counterCell(labels: string): Counter & Cell {
  let value = 0
  return {
    add(by = 1) {
      value += by
    },
    samples: () => [['', labels, value]],
  }
}

function gaugeCell(labels: string): Gauge & Cell {
  let value = 0
  return {
    set(to) {
      value = to
    },
    samples: () => [['', labels, value]],
  }
}

function histogramCell(labels: string, bounds: readonly number[]): Histogram & Cell {
  const counts = new Float64Array(bounds.length + 1)
  let sum = 0
  return {
    observe(value) {
      let i = 0
      while (i < bounds.length && value > (bounds[i] as number)) i++
      counts[i] = (counts[i] as number) + 1
      sum += value
    },
    samples() {
      const comma = labels === '' ? '' : ','
      let below = 0
      const cumulated = [...counts].map((count, i) => {
        below += count
        return ['_bucket', `${labels}${comma}le="${bounds[i] ?? '+Inf'}"`, below] as const
      })
      return [...cumulated, ['_sum', labels, sum] as const, ['_count', labels, below] as const]
    },
  }
}

/** Backslash, double quote and line feed, as the format wants them. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function textOf({ name, help, type, cells }: ToldFamily): string {
  const lines = [
    `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${name} ${type}`,
  ]
  for (const cell of cells.values()) {
    for (const [suffix, labels, value] of cell.samples()) {
      lines.push(`${name}${suffix}${labels === '' ? '' : `{${labels}}`} ${value}`)
    }
  }
  return `${lines.join('\n')}\n`
}

/** What this process counts of itself; everything that counts in passing counts here. */
export const figures = createFigures()

/** Bounds in seconds that suit both a lookup and a provider that hangs. */
export const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const
