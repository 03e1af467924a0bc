import { describe, expect, it } from 'vitest'
import { packageRules } from './tidy/package-rules.ts'
import { syntaxRules } from './tidy/syntax-rules.ts'
import { readTree } from './tidy/tree.ts'
import { treeRules } from './tidy/tree-rules.ts'

const rules = [...treeRules, ...packageRules, ...syntaxRules]
const tree = readTree()

it('reads the repository', () => {
  const paths = tree.map(({ path }) => path)
  expect(paths).toEqual(expect.arrayContaining(['package.json', 'server/house.ts', 'tools/tidy.test.ts']))
  expect(paths.filter((path) => path.includes('node_modules'))).toEqual([])
})

describe.each(rules)('$sentence', ({ find, planted, plantedOffenders }) => {
  it('holds', () => {
    expect(find(tree)).toEqual([])
  })

  it('would be found broken', () => {
    expect(find(planted)).toHaveLength(plantedOffenders)
  })
})
