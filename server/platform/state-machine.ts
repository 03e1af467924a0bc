/** One state of a machine: what it waits for and what ends it, in a sentence, and where it may go. */
export interface StateEntry<State extends string> {
  readonly waits: string
  readonly to: readonly State[]
}

export interface StateMachine<State extends string> {
  readonly states: Readonly<Record<State, StateEntry<State>>>
  may(from: State, to: State): boolean
}

/**
 * A state machine as data. Checked where it is defined, hence at start-up: every state is reached from `initial`, and a
 * state without a way out is one of `final`.
 */
export function defineStates<const State extends string>(
  name: string,
  initial: NoInfer<State>,
  final: readonly NoInfer<State>[],
  states: Readonly<Record<State, StateEntry<NoInfer<State>>>>,
): StateMachine<State> {
  const reached = new Set<State>([initial])
  for (const state of reached) for (const next of states[state].to) reached.add(next)
  for (const state of Object.keys(states) as State[]) {
    if (!reached.has(state)) throw new Error(`${name}: no way leads to ${state}`)
    if (states[state].to.length === 0 && !final.includes(state)) {
      throw new Error(`${name}: ${state} is a dead end and not final`)
    }
  }
  return { states, may: (from, to) => states[from].to.includes(to) }
}
