import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import helmet from 'helmet'

export interface SecurityHeaders {
  /** On every answer. Nothing of another origin but payment gateways' forms, and no script in what is not a page. */
  readonly all: Readonly<Record<string, string>>
  /** The policy of one answer that is a page: its own scripts and styles bear this nonce, so nothing injected runs. */
  pagePolicy(nonce: string): string
}

export interface SecurityHeaderOptions {
  readonly secureOrigin: boolean
  /** Origins that pages may post forms to: the payment providers' gateways, of all brands. */
  readonly formTargets: readonly string[]
}

const NONCE = 'NONCE'

/** Helmet's headers, computed once: they are the same for every answer but for a page's nonce. */
export function securityHeaders(options: SecurityHeaderOptions): SecurityHeaders {
  const page = headersOf(options, ["'self'", `'nonce-${NONCE}'`])['content-security-policy'] as string
  return {
    all: headersOf(options, ["'self'"]),
    pagePolicy: (nonce) => page.replaceAll(NONCE, nonce),
  }
}

function headersOf(
  { formTargets, secureOrigin }: SecurityHeaderOptions,
  scripts: readonly string[],
): Record<string, string> {
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
        'form-action': ["'self'", ...formTargets],
        'script-src': [...scripts],
        'style-src': [...scripts],
        ...(secureOrigin ? { 'upgrade-insecure-requests': [] } : {}),
      },
    },
    hsts: secureOrigin ? { maxAge: 63_072_000, includeSubDomains: false } : false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  })
  protect(request, response, (error?: unknown) => {
    if (error) throw error
  })
  return {
    ...(response.getHeaders() as Record<string, string>),
    'permissions-policy': 'camera=(), microphone=(), geolocation=(self), payment=()',
  }
}
