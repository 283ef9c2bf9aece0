/** Where the client runs. Both builds drop the branch that is not theirs. */
export const IN_WECHAT = process.env.UNI_PLATFORM === 'mp-weixin'

/** Where the API is: on the phone pages the server that they came from, in the mini-program the one of `.env`. */
export const API_BASE = IN_WECHAT ? (import.meta.env.VITE_API_BASE ?? '') : ''

/** The phone pages within WeChat's own browser, as whoever scans a poster with WeChat meets them: it keeps no file. */
export function inWechatBrowser(): boolean {
  return !IN_WECHAT && /MicroMessenger/i.test(navigator.userAgent)
}
