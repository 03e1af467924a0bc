/** The knob `wrongSignature`: still base64 of as many bytes, but of another signature. */
export function flipLastBit(signature: string): string {
  const bytes = Buffer.from(signature, 'base64')
  const last = bytes.length - 1
  bytes.writeUInt8(bytes.readUInt8(last) ^ 1, last)
  return bytes.toString('base64')
}
