/** A number that nobody else makes: for one tap, and sent again when the tap's request is. */
export function newNumber(prefix: string): string {
  const random = Array.from({ length: 4 }, () => Math.floor(Math.random() * 0x10000).toString(16).padStart(4, '0'))
  return `${prefix}-${Date.now().toString(36)}-${random.join('')}`
}
