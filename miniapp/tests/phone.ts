/** A phone for unit tests: the few calls of the kit that the tested modules make, with what a test puts in. */
import { beforeEach } from 'vitest'

export interface Sent {
  url: string
  method?: string
  header?: Record<string, string>
  data?: unknown
  timeout?: number
}
type Reply = { statusCode: number; data?: unknown } | { errMsg: string }

export const phone = {
  storage: new Map<string, unknown>(),
  sent: [] as Sent[],
  replies: [] as Reply[],
}

function answer(asked: Sent & { success: (told: unknown) => void; fail: (told: unknown) => void }): void {
  const { success, fail, ...sent } = asked
  phone.sent.push(sent)
  const reply = phone.replies.shift() ?? { statusCode: 200, data: {} }
  if ('errMsg' in reply) fail(reply)
  else success(reply)
}

beforeEach(() => {
  phone.storage.clear()
  phone.sent = []
  phone.replies = []
})

Object.assign(globalThis, {
  __platform: 'h5',
  uni: {
    getStorageSync: (key: string) => phone.storage.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => void phone.storage.set(key, value),
    removeStorageSync: (key: string) => void phone.storage.delete(key),
    getStorageInfoSync: () => ({ keys: [...phone.storage.keys()] }),
    clearStorageSync: () => phone.storage.clear(),
    request: answer,
    uploadFile: answer,
    downloadFile: answer,
  },
  /** As a browser asks for a file. */
  fetch: async (url: string, { headers }: { headers: Record<string, string> }) => {
    phone.sent.push({ url, header: headers })
    const reply = phone.replies.shift() ?? { statusCode: 200, data: {} }
    if ('errMsg' in reply) throw new TypeError(reply.errMsg)
    return new Response(typeof reply.data === 'string' ? reply.data : JSON.stringify(reply.data), { status: reply.statusCode })
  },
})
