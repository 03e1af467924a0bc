import { readFile } from 'node:fs/promises'
import type { Route } from '../http.ts'

/** The style sheet and the script of all pages, read once. */
export async function assetRoutes(): Promise<Route[]> {
  return [
    await asset('/style.css', './style.css', 'text/css; charset=utf-8'),
    await asset('/refresh.js', './refresh.js', 'text/javascript; charset=utf-8'),
    await asset('/submit.js', './submit.js', 'text/javascript; charset=utf-8'),
  ]
}

async function asset(path: string, file: string, type: string): Promise<Route> {
  const body = await readFile(new URL(file, import.meta.url), 'utf8')
  return { method: 'GET', path, answer: () => ({ status: 200, headers: { 'content-type': type }, body }) }
}
