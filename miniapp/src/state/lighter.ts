import { IN_WECHAT } from '@/platform'

/** What the server keeps of a picture: longer sides it would make shorter itself, at a price in the sender's data volume. */
export const LONGEST = 2400
const QUALITY = 0.85
/** Lighter than this a picture is sent as it is. */
export const LIGHT_BYTES = 1_000_000

/** How large a picture of this size is to be drawn: never larger than it is. */
export function within(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, LONGEST / Math.max(width, height))
  return { width: Math.round(width * scale), height: Math.round(height * scale) }
}

/**
 * A copy of a picture that a slow network carries; the picture itself where it is light already or where this phone cannot
 * draw it: the server judges it then.
 */
export async function lighter(path: string, bytes: number): Promise<string> {
  if (bytes <= LIGHT_BYTES) return path
  try {
    return IN_WECHAT ? await byWeChat(path) : await byCanvas(path)
  } catch {
    return path
  }
}

function byWeChat(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.getImageInfo({
      src: path,
      fail: reject,
      success: (seen) => {
        const { width, height } = within(seen.width, seen.height)
        const size = { compressedWidth: width, compressedHeight: height }
        uni.compressImage({ src: path, quality: QUALITY * 100, ...size, success: (told) => resolve(told.tempFilePath), fail: reject })
      },
    })
  })
}

async function byCanvas(path: string): Promise<string> {
  // A browser that would draw it lying down must not: what says that it stands is lost in the copy.
  if (!CSS.supports('image-orientation', 'from-image')) return path
  const picture = new Image()
  picture.src = path
  await picture.decode()
  const { width, height } = within(picture.naturalWidth, picture.naturalHeight)
  const sheet = document.createElement('canvas')
  sheet.width = width
  sheet.height = height
  const pen = sheet.getContext('2d')
  if (pen === null) return path
  pen.fillStyle = '#ffffff' // what is transparent would turn black
  pen.fillRect(0, 0, width, height)
  pen.drawImage(picture, 0, 0, width, height)
  const copy = sheet.toDataURL('image/jpeg', QUALITY) // the kit would fetch a blob again, which the policy of the pages forbids
  sheet.width = 0 // old phones keep it in memory otherwise
  return copy.startsWith('data:image/jpeg') ? copy : path
}
