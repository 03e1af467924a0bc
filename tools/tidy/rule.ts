import type { TreeFile } from './tree.ts'

/** One law of the house that a machine can see. */
export interface Rule {
  readonly sentence: string
  /** What breaks the rule in this tree, as `path:line what` or `path what`. */
  readonly find: (tree: readonly TreeFile[]) => readonly string[]
  /** A tree that breaks it in every way the rule knows: so many offenders must be found. */
  readonly planted: readonly TreeFile[]
  readonly plantedOffenders: number
}

/** The number of the line at `index`, from 1. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

/** Every match of `pattern` in the files that `applies` names, as `path:line match`. */
export function matches(
  tree: readonly TreeFile[],
  applies: (path: string) => boolean,
  pattern: RegExp,
): string[] {
  return tree
    .filter((file) => applies(file.path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(pattern)].map(
        (match) => `${path}:${lineAt(text, match.index)} ${match[0].trim().slice(0, 80)}`,
      ),
    )
}
