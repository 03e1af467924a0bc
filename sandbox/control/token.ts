import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { json, type Request, type Route } from '../http.ts'

/** The token in `<dataDir>/control-token`, made (0600) if there is none. */
export async function openControlToken(dataDir: string): Promise<string> {
  const path = join(dataDir, 'control-token')
  try {
    await writeFile(path, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return (await readFile(path, 'utf8')).trim()
}

export function sameToken(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}

/** The same routes for those who bring the token as a bearer; 401 for everybody else. */
export function guarded(routes: Route[], token: string): Route[] {
  return routes.map((route) => ({
    ...route,
    answer: (request: Request) =>
      sameToken(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '', token)
        ? route.answer(request)
        : json({ error: 'The control API needs the token in control-token as a bearer token.' }, 401),
  }))
}
