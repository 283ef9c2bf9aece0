/** The 2-inch check (2寸): what the server asks of a portrait, said before a slow upload. */
export const LEAST = { width: 300, height: 400 }

/** What is wrong with a picture of this size, before it is cut to 35:49; "" where it will do. */
export function portraitFault(width: number, height: number): string {
  if (width >= LEAST.width && height >= LEAST.height) return ''
  return `照片太小（${width}×${height}像素），请换一张清晰的，至少${LEAST.width}×${LEAST.height}像素`
}
