import * as api from '@/api'
import { IN_WECHAT, inWechatBrowser } from '@/platform'
import { go } from './ways'

/** Show a PDF of one's own, or save it. Throws `Fault`. */
export async function openPdf(path: string, name: string): Promise<void> {
  if (inWechatBrowser()) return sendToBrowser()
  const file = await api.fetchFile(path)
  if (!IN_WECHAT) return offer(file, `${name}.pdf`)
  await new Promise<void>((resolve, reject) => {
    uni.openDocument({
      filePath: file,
      fileType: 'pdf',
      showMenu: true,
      success: () => resolve(),
      fail: () => reject(new api.Fault('unopened', '这部手机打不开PDF，请改用“存为图片”')),
    })
  })
}

/** Save a picture of one's own to the album. Throws `Fault`. */
export async function savePicture(path: string, name: string): Promise<void> {
  if (inWechatBrowser()) return showPicture(path)
  const file = await api.fetchFile(path)
  if (!IN_WECHAT) return offer(file, `${name}.png`)
  await new Promise<void>((resolve, reject) => {
    uni.saveImageToPhotosAlbum({
      filePath: file,
      success: () => resolve(),
      fail: () => reject(new api.Fault('unsaved', '没有存到相册，请在微信设置中允许保存到相册，或截屏保存')),
    })
  })
  uni.showToast({ title: '已存到相册', icon: 'success' })
}

/** WeChat's browser does nothing where it is given a file, and says nothing either: so we say how to get it. */
function sendToBrowser(): void {
  uni.showModal({
    title: '请用浏览器打开',
    content: '微信里不能下载PDF。请点右上角的“…”，选“在浏览器打开”，用手机号登录后再下载；也可以改为存成图片。',
    showCancel: false,
    confirmText: '知道了',
  })
}

/** Show a picture of one's own on a page, to be kept by a long touch. */
export function showPicture(path: string): void {
  go(`/pages/picture/index?path=${encodeURIComponent(path)}`)
}

/** A browser takes a file through a link. */
function offer(file: string, name: string): void {
  const link = document.createElement('a')
  link.href = file
  link.download = name
  document.body.appendChild(link)
  link.click()
  link.remove()
}
