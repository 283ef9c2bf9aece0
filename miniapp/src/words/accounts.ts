/** The long number of an account in fours, to be read and compared; anything else as it is. */
export function inFours(text: string): string {
  return /^\d{12,}$/.test(text) ? text.replace(/(\d{4})(?=\d)/g, '$1 ') : text
}
