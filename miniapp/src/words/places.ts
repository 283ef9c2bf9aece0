/** A telephone number as a phone dials it: an extension in brackets is for whoever answers. */
export function dialled(text: string): string {
  const found = /(?:[（(]0\d{2,3}[）)])?\d[\d-]{6,}\d/.exec(text)
  return found === null ? '' : found[0].replace(/\D/g, '')
}
