/** Everything that the client asks of the server, by name. Each throws `Fault`. */
import { call, endSignIn, sendFile } from './client'
import { bearer, forgetEverything, keepOwner, keepSignIn } from './session'
import type { Amendment, Claims, Form, Profile, RegistrationForm, SaidWithCode, Upload, UploadKind } from './types'

export { fetchFile, fetchPicture } from './client'
export { Fault, sentenceOf } from './fault'
export type * from './types'

// --- sittings

export const sittings = () => call('get', '/api/v1/sittings', {}).then((told) => told.sittings)
export const sitting = (id: number) => call('get', '/api/v1/sittings/{sitting_id}', { path: { sitting_id: id } })
export const institutions = () => call('get', '/api/v1/institutions', {}).then((told) => told.institutions)
export const mayApply = (id: number, claims: Claims) =>
  call('post', '/api/v1/sittings/{sitting_id}/eligibility', { path: { sitting_id: id }, body: claims })

// --- signing in

export async function signInWithWechat(code: string): Promise<void> {
  keepSignIn((await call('post', '/api/v1/sign-in', { body: { code } })).token)
}
/** `said`: what is asked after a long time besides the code. */
export async function signInByPhone(phone: string, code: string, said: SaidWithCode = { document_end: '', not_mine: false }): Promise<void> {
  const { token } = await call('post', '/api/v1/sign-in/phone', { body: { phone, code, ...said } })
  if (bearer() !== '') endSignIn()
  keepSignIn(token, phone)
}
export const sendSignInCode = (phone: string) => call('post', '/api/v1/sign-in/code', { body: { phone } })
/** Every sign-in of this person ends, on this phone too: for whoever has lost one. */
export async function signOutEverywhere(): Promise<void> {
  await call('post', '/api/v1/me/sign-out-everywhere', {})
  forgetEverything()
}
export async function signOut(): Promise<void> {
  await call('post', '/api/v1/sign-out', {})
  forgetEverything()
}

// --- oneself

export const me = () => call('get', '/api/v1/me', {})
export const phoneByWechat = (code: string) => call('put', '/api/v1/me/phone/wechat', { body: { code } })
export const sendPhoneCode = (phone: string) => call('post', '/api/v1/me/phone/code', { body: { phone } })
export async function phoneByCode(phone: string, code: string) {
  const told = await call('put', '/api/v1/me/phone', { body: { phone, code } })
  keepOwner(phone)
  return told
}
export const saveProfile = (profile: Profile) => call('put', '/api/v1/me/profile', { body: profile })
export const sendPhoto = (file: string) => sendFile<Upload>('/api/v1/me/photo', file, {})
export const sendEvidence = (file: string, kind: UploadKind) => sendFile<Upload>('/api/v1/me/evidence', file, { kind })
export const notices = () => call('get', '/api/v1/me/notices', {}).then((told) => told.notices)
export const uploadPath = (id: number) => `/api/v1/me/uploads/${id}`

// --- registrations

/** `once`: the same number for the same tap, however often it has to be sent. */
export const register = (form: RegistrationForm, once: string) =>
  call('post', '/api/v1/registrations', { body: form, once })
export const amend = (number: string, form: Amendment) =>
  call('put', '/api/v1/registrations/{number}', { path: { number }, body: form })
export const withdraw = (number: string) =>
  call('post', '/api/v1/registrations/{number}/withdrawal', { path: { number } })
export const registrations = () => call('get', '/api/v1/registrations', {}).then((told) => told.registrations)
export const registration = (number: string) => call('get', '/api/v1/registrations/{number}', { path: { number } })
export const payment = (number: string) => call('get', '/api/v1/registrations/{number}/payment', { path: { number } })
export const ticket = (number: string) => call('get', '/api/v1/registrations/{number}/ticket', { path: { number } })

// --- the application form

export const form = (number: string) => call('get', '/api/v1/registrations/{number}/form', { path: { number } })
export const formPath = (number: string, kind: 'png' | 'pdf') => `/api/v1/registrations/${number}/form.${kind}`
/** `digest` names what the form said when it was read; the server refuses it where it says something else by now. */
export const signForm = (number: string, picture: string, digest: string) =>
  sendFile<Form>('/api/v1/registrations/{number}/form/signature', picture, { digest }, { number })

// --- WeChat's messages

export const subscriptions = () => call('get', '/api/v1/subscriptions', {})
export const tellAnswers = (tap: string, answers: Record<string, 'accept' | 'reject' | 'ban' | 'filter'>) =>
  call('post', '/api/v1/subscriptions/answers', { body: { tap, answers } })
