/** An element of a message with what is in it. */
export interface CamtNode {
  readonly name: string
  /** Its attribute `Ccy`. */
  readonly currency: string | null
  text: string
  readonly children: CamtNode[]
}

export function childNamed(node: CamtNode, name: string): CamtNode | undefined {
  return node.children.find((child) => child.name === name)
}

export function childrenNamed(node: CamtNode, name: string): CamtNode[] {
  return node.children.filter((child) => child.name === name)
}

/** The element at the end of a way through the tree, by the first of each name. */
export function nodeAt(node: CamtNode, ...way: readonly string[]): CamtNode | undefined {
  let at: CamtNode | undefined = node
  for (const name of way) at = at && childNamed(at, name)
  return at
}

/** What is written there, without blanks around it; null: nothing. */
export function textAt(node: CamtNode, ...way: readonly string[]): string | null {
  return nodeAt(node, ...way)?.text.trim() || null
}
