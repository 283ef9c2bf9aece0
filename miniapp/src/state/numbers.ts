/** A number that nobody else makes: for one tap, and sent again when the tap's request is. */
export function newNumber(prefix: string): string {
  const random = Array.from({ length: 4 }, () => Math.floor(Math.random() * 0x10000).toString(16).padStart(4, '0'))
  return `${prefix}-${Date.now().toString(36)}-${random.join('')}`
}

/** A few letters that are others when the text is another. */
export function fingerprint(text: string): string {
  let sum = 7
  for (let place = 0; place < text.length; place += 1) sum = (sum * 31 + text.charCodeAt(place)) % 0x7fffffff
  return sum.toString(36)
}
