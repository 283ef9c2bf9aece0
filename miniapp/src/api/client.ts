import { API_BASE, IN_WECHAT } from '@/platform'
import { Fault, OFFLINE, SLOW, faultOf } from './fault'
import { bearer, forgetSignIn } from './session'
import type { Answer, Given, PathOf, Verb } from './types'

const READ_MS = 12_000
const WRITE_MS = 20_000
const UPLOAD_MS = 90_000
/** Waits before a read is tried again. What changes something is never sent again by itself. */
const AGAIN_MS = [500, 1500]

/** How somebody signs in again without a word, where that is possible; set by the mini-program. */
let signInAgain: (() => Promise<void>) | null = null
export function whenSignInEnds(again: () => Promise<void>): void {
  signInAgain = again
}

interface Loose {
  path?: Record<string, string | number>
  query?: Record<string, string | number | null | undefined>
  body?: unknown
  once?: string
}

/** One call of the API, typed by its OpenAPI document. Throws `Fault`. */
export async function call<V extends Verb, P extends PathOf<V>>(
  verb: V,
  path: P,
  given: Given<P, V>,
): Promise<Answer<P, V>> {
  const loose = given as Loose
  const address = API_BASE + filled(path, loose)
  const headers: Record<string, string> = {}
  if (loose.once !== undefined) headers['Idempotency-Key'] = loose.once
  const waits = verb === 'get' ? AGAIN_MS : []
  const answer = await signedInAnew(() => patiently(() => sent(verb, address, headers, loose.body), waits))
  return answer as Answer<P, V>
}

/** The sign-in there is now is given up for another; nobody waits for that, and if it fails it ends by itself. */
export function endSignIn(): void {
  sent('post', `${API_BASE}/api/v1/sign-out`, {}, undefined).catch(() => undefined)
}

/** Send a picture, with the fields of its form. Throws `Fault`. */
export async function sendFile<T>(
  path: PathOf<'post'>,
  file: string,
  form: Record<string, string>,
  parts: Record<string, string> = {},
): Promise<T> {
  return signedInAnew(
    () =>
      new Promise<T>((resolve, reject) => {
        uni.uploadFile({
          url: API_BASE + filled(path, { path: parts }),
          filePath: file,
          name: 'file',
          formData: form,
          header: authorised({}),
          timeout: UPLOAD_MS,
          success: (told) => {
            if (told.statusCode >= 200 && told.statusCode < 300) resolve(JSON.parse(told.data) as T)
            else reject(faultOf(told.statusCode, told.data))
          },
          fail: (told) => reject(unsent(told.errMsg)),
        })
      }),
  )
}

/** Fetch a file of one's own; the path of a copy on this phone. Throws `Fault`, in the server's words where it refuses. */
export async function fetchFile(path: string): Promise<string> {
  const fetched = IN_WECHAT ? inWechat : async (url: string) => URL.createObjectURL(await inBrowser(url))
  return signedInAnew(() => patiently(() => fetched(API_BASE + path), AGAIN_MS))
}

/**
 * Fetch a picture of one's own to be shown and kept by a long touch. Throws `Fault`. In a browser the picture itself and not a
 * copy's address: WeChat's browser keeps nothing that lies at a page's own address (blob:).
 */
export async function fetchPicture(path: string): Promise<string> {
  if (IN_WECHAT) return fetchFile(path)
  const file = await signedInAnew(() => patiently(() => inBrowser(API_BASE + path), AGAIN_MS))
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(new Fault('unread', UNREAD))
    reader.readAsDataURL(file)
  })
}

const UNREAD = '文件还不能打开，请稍后再来，或致电咨询'

function inWechat(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.downloadFile({
      url,
      header: authorised({}),
      timeout: UPLOAD_MS,
      success: (told) => {
        if (told.statusCode === 200) resolve(told.tempFilePath)
        else void textOf(told.tempFilePath).then((text) => reject(refusedFile(told.statusCode, text)))
      },
      fail: (told) => reject(unsent(told.errMsg)),
    })
  })
}

/** WeChat writes a refusal into a file, as it does with what was asked for; "" where it cannot be read. */
function textOf(path: string): Promise<string> {
  return new Promise((resolve) => {
    uni.getFileSystemManager().readFile({
      filePath: path,
      encoding: 'utf8',
      success: (told) => resolve(String(told.data)),
      fail: () => resolve(''),
    })
  })
}

/** Not the kit's download: it hides what the server says where it refuses. */
async function inBrowser(url: string): Promise<Blob> {
  const stop = new AbortController()
  const alarm = setTimeout(() => stop.abort(), UPLOAD_MS)
  try {
    const told = await fetch(url, { headers: authorised({}), signal: stop.signal })
    if (told.ok) return await told.blob()
    throw refusedFile(told.status, await told.text())
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown
    throw unsent(stop.signal.aborted ? 'timeout' : '')
  } finally {
    clearTimeout(alarm)
  }
}

function refusedFile(status: number, text: string): Fault {
  const told = faultOf(status, text)
  if (told.code !== 'broken' || status >= 500) return told
  if (status === 401) return new Fault('sign_in_needed', '请先登录', {}, [], status)
  return new Fault('not_found', UNREAD, {}, [], status)
}

function sent(verb: Verb, url: string, headers: Record<string, string>, body: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    uni.request({
      url,
      method: verb.toUpperCase() as 'GET' | 'POST' | 'PUT',
      header: authorised(body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' }),
      data: body as UniApp.RequestOptions['data'],
      timeout: verb === 'get' ? READ_MS : WRITE_MS,
      success: (told) => {
        if (told.statusCode >= 200 && told.statusCode < 300) resolve(told.statusCode === 204 ? undefined : told.data)
        else reject(faultOf(told.statusCode, told.data))
      },
      fail: (told) => reject(unsent(told.errMsg)),
    })
  })
}

function authorised(headers: Record<string, string>): Record<string, string> {
  const token = bearer()
  return token === '' ? headers : { ...headers, Authorization: `Bearer ${token}` }
}

function unsent(why: string | undefined): Fault {
  return /timeout/i.test(why ?? '') ? new Fault('slow', SLOW) : new Fault('offline', OFFLINE)
}

async function patiently<T>(ask: () => Promise<T>, waits: readonly number[]): Promise<T> {
  for (const wait of waits) {
    try {
      return await ask()
    } catch (thrown) {
      if (!(thrown instanceof Fault && thrown.passing)) throw thrown
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
  return ask()
}

async function signedInAnew<T>(ask: () => Promise<T>): Promise<T> {
  const before = bearer()
  try {
    return await ask()
  } catch (thrown) {
    if (!(thrown instanceof Fault && thrown.code === 'sign_in_needed' && before !== '')) throw thrown
    // Of several that were refused at once the first renews the sign-in; the others find it renewed and ask again.
    if (bearer() === before) await renew(thrown)
    return ask()
  }
}

let renewing: Promise<void> | null = null
/** Sign in again, once for all who wait for it. The old sign-in is forgotten only where that fails. */
async function renew(thrown: Fault): Promise<void> {
  if (signInAgain === null) {
    forgetSignIn()
    throw thrown
  }
  renewing ??= signInAgain()
    .catch((fault: unknown) => {
      forgetSignIn()
      throw fault
    })
    .finally(() => {
      renewing = null
    })
  await renewing
}

function filled(path: string, given: Loose): string {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(given.path?.[name] ?? '')))
  const query = Object.entries(given.query ?? {})
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return query.length === 0 ? address : `${address}?${query.join('&')}`
}
