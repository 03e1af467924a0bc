/** The bytes of an answer. Throws as soon as there are more than `limitBytes`, and reads no further. */
export async function readLimited(response: Response, limitBytes: number): Promise<Buffer> {
  const reader = response.body?.getReader()
  const chunks: Uint8Array[] = []
  let bytes = 0
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    bytes += part.value.length
    if (bytes > limitBytes) {
      await reader?.cancel()
      throw new Error('the answer is too long')
    }
    chunks.push(part.value)
  }
  return Buffer.concat(chunks)
}

/** The same of an answer that is none unless its status is 200. */
export async function readFound(response: Response, limitBytes: number): Promise<Buffer> {
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`HTTP ${response.status}`)
  }
  return await readLimited(response, limitBytes)
}

/** Why a call failed. A failed fetch says little itself, nor does an SDK that wraps it: the innermost error is the socket's. */
export function failureOf(error: unknown): string {
  const { message, detail, cause } = error as Error & { detail?: unknown }
  const inner = detail instanceof Error ? detail : cause instanceof Error ? cause : undefined
  return inner?.message ? `${message}: ${failureOf(inner)}` : message
}
