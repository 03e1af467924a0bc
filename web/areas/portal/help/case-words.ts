/** A code or password that somebody is about to tell us: nobody of ours may know it. */
const secrets = [
  /验证码\D{0,8}\d{4,8}/,
  /\d{4,8}\D{0,8}验证码/,
  /密码(?:是|为|[:：])\s*\S{4,}/,
  /\bcode\D{0,12}\b\d{6}\b/i,
  /\bpassword(?:\s+is|\s*[:=])\s*\S{4,}/i,
]

export function holdsSecret(text: string): boolean {
  return secrets.some((secret) => secret.test(text))
}
