import { IN_WECHAT } from '@/platform'
import { refusalOf } from '@/words/refusals'
import { lighter } from './lighter'

/** A picture from the camera or the album, no heavier than is kept of it; "" where there is none: whoever was refused is told. */
export async function pickPicture(): Promise<string> {
  const { path, bytes } = await chosen()
  return path === '' ? '' : lighter(path, bytes)
}

function chosen(): Promise<{ path: string; bytes: number }> {
  return new Promise((resolve) => {
    uni.chooseImage({
      count: 1,
      sizeType: ['original', 'compressed'],
      sourceType: ['album', 'camera'],
      success: (told) => {
        const [file] = told.tempFiles as { size?: number }[]
        resolve({ path: told.tempFilePaths[0] ?? '', bytes: file?.size ?? 0 })
      },
      fail: (told: { errMsg?: string } | undefined) => {
        tellRefusal(told?.errMsg ?? '')
        resolve({ path: '', bytes: 0 })
      },
    })
  })
}

/** WeChat asks once, and then refuses without a word: whoever said no by mistake has to be shown where they can say yes. */
function tellRefusal(why: string): void {
  const { advice, settings } = refusalOf(why)
  if (advice === '') return
  const led = settings && IN_WECHAT
  uni.showModal({
    title: '不能拍照或选择照片',
    content: advice,
    confirmText: led ? '去设置' : '知道了',
    showCancel: led,
    cancelText: '以后再说',
    success: ({ confirm }) => {
      if (confirm && led) uni.openSetting({ fail: () => undefined })
    },
  })
}

export function sizeOf(path: string): Promise<{ width: number; height: number }> {
  return new Promise((resolve, reject) => {
    uni.getImageInfo({ src: path, success: resolve, fail: () => reject(new Error('unreadable')) })
  })
}
