import { type RefObject, useEffect, useRef, useState } from 'react'

/** Brings the person to the first field that is wrong: when they try to send the form, and when the server refuses it. */
export function useFirstError(refusal: unknown): {
  readonly form: RefObject<HTMLFormElement | null>
  /** Whether the form was tried: until then nobody is told what is missing. */
  readonly tried: boolean
  readonly toFirstError: () => void
} {
  const form = useRef<HTMLFormElement>(null)
  const [tries, setTries] = useState(0)
  useEffect(() => {
    if (tries > 0 || refusal) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [tries, refusal])
  return { form, tried: tries > 0, toFirstError: () => setTries((before) => before + 1) }
}
