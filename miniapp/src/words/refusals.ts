/** Why the phone gave no picture, as it says itself (`errMsg`), and what to do; no advice where somebody thought better of it. */
export function refusalOf(why: string): { advice: string; settings: boolean } {
  if (/cancel/i.test(why)) return { advice: '', settings: false }
  if (/privacy|scope is not declared/i.test(why))
    return { advice: '您没有同意隐私保护指引。请再点一次，在弹出的提示中选“同意”；没有弹出的，请关闭小程序后重新进入。', settings: false }
  if (/system/i.test(why))
    return { advice: '手机没有允许微信使用相机和照片。请在手机的“设置”里找到微信，打开“相机”和“照片”，再回来重试。', settings: false }
  if (/auth|deny|denied|permission/i.test(why))
    return { advice: '没有使用相机或照片的权限。请点“去设置”，打开“摄像头”和“相册”，再回来重试。', settings: true }
  return { advice: '手机没有打开相机或相册，请重试；仍不行的，请关闭后重新进入。', settings: false }
}
