import * as api from '@/api'

/** Sign in with WeChat; nobody has to tap anything. Throws `Fault`. */
export async function signInSilently(): Promise<void> {
  const code = await new Promise<string>((resolve, reject) => {
    uni.login({
      provider: 'weixin',
      success: (told) => resolve(told.code),
      fail: () => reject(new api.Fault('offline', '微信没有回应，请检查网络后重试')),
    })
  })
  await api.signInWithWechat(code)
}
