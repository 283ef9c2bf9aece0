/** The 2-inch check (2寸): what the server asks of a portrait, said before a slow upload. */
export const LEAST = { width: 300, height: 400 }
export const UNREADABLE = '这张图片打不开，请换一张照片，或用手机重新拍一张'

/** What is wrong with a picture of this size, before it is cut to 35:49, and what to do; "" where it will do. */
export function portraitFault(width: number, height: number): string {
  if (width >= LEAST.width && height >= LEAST.height) return ''
  const advice = '请选照相馆给的原图，或用手机重新拍一张'
  return `照片太小（${width}×${height}），印出来不清楚。${advice}；至少要${LEAST.width}×${LEAST.height}像素。`
}
