import { Refusal } from './refusal.ts'
import { type Shape, type ShapeDeps, shapeOf } from './shapes.ts'

const DEEPEST = 4

/** `expand[]=latest_charge`: at most four steps deep. */
export function readExpansions(expand: unknown): string[] {
  const paths = expand === undefined ? [] : Array.isArray(expand) ? expand : [expand]
  for (const path of paths) {
    if (typeof path !== 'string' || path.split('.').length > DEEPEST) {
      throw new Refusal({ message: 'You cannot expand more than 4 levels of a property.', param: 'expand' })
    }
  }
  return paths as string[]
}

/** The object with the references on these paths put in place of their ids. */
export function expandAll(shape: Shape, paths: readonly string[], account: string, deps: ShapeDeps): Shape {
  return paths.reduce((grown, path) => expand(grown, path.split('.'), path, account, deps), shape)
}

function expand(
  shape: Shape,
  [step = '', ...rest]: readonly string[],
  path: string,
  account: string,
  deps: ShapeDeps,
): Shape {
  const value = shape[step]
  const deeper = (item: unknown): unknown => {
    const found = typeof item === 'string' ? shapeOf(item, account, deps) : item
    if (typeof found !== 'object' || found === null) throw unexpandable(path)
    return rest.length === 0 ? found : expand(found as Shape, rest, path, account, deps)
  }
  if (value === null) return shape
  if (Array.isArray(value)) {
    return { ...shape, [step]: value.map((item) => (rest.length === 0 ? item : deeper(item))) }
  }
  if (value === undefined) throw unexpandable(path)
  return { ...shape, [step]: deeper(value) }
}

function unexpandable(path: string): Refusal {
  return new Refusal({ message: `This property cannot be expanded (${path}).`, param: 'expand' })
}
