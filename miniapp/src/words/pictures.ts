/** An SVG as an address that every image element takes; WeChat's on older phones only in base64. */
export function svgAddress(svg: string): string {
  return `data:image/svg+xml;base64,${uni.arrayBufferToBase64(utf8(svg).buffer)}`
}

/** A text's bytes. WeChat has no TextEncoder. */
export function utf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text).replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  )
  return Uint8Array.from(escaped, (letter) => letter.charCodeAt(0))
}
