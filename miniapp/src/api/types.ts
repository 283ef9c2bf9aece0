import type { components, paths } from './schema'

/** The things of the API, by the names that its document gives them. */
type Things = components['schemas']
export type Sitting = Things['SittingsOut']['sittings'][number]
export type SittingDetail = Things['SittingDetailOut']
export type Alternative = SittingDetail['alternatives'][number]
export type Institution = Things['InstitutionsOut']['institutions'][number]
export type Me = Things['MeOut']
export type Profile = Things['ProfileIn']
/** What is said with a code besides: who one is, or that the number is somebody else's by now. */
export type SaidWithCode = Pick<Things['SignInByPhoneIn'], 'document_end' | 'not_mine'>
export type Eligibility = Things['EligibilityOut']
export type Finding = Eligibility['findings'][number]
export type Claims = Required<Things['SaidIn']>
export type Work = Claims['work'][number]
export type Certificate = Claims['certificates'][number]
export type Title = Claims['titles'][number]
export type Diploma = Claims['diplomas'][number]
export type Registration = Things['RegistrationsOut']['registrations'][number]
export type RegistrationDetail = Things['RegistrationDetailOut']
export type RegistrationForm = Things['RegistrationIn']
export type Amendment = Things['AmendmentIn']
export type Form = Things['FormOut']
export type Payment = Things['PaymentOut']
export type Ticket = Things['TicketOut']
export type Upload = Things['UploadOut']
export type UploadKind = Things['EvidenceIn']['kind']
export type Notice = Things['NoticesOut']['notices'][number]
export type Subscriptions = Things['SubscriptionsOut']

export type Verb = 'get' | 'post' | 'put'
interface Operation {
  responses: unknown
}

/** The addresses that know a verb. */
export type PathOf<V extends Verb> = {
  [P in keyof paths]: paths[P] extends Record<V, Operation> ? P : never
}[keyof paths]

type Of<P extends keyof paths, V extends Verb> = paths[P] extends Record<V, infer O> ? O : never
type Json<T> = T extends { content: { 'application/json': infer B } } ? B : undefined
type Good<R> = R extends { 200: infer A } ? A : R extends { 201: infer A } ? A : undefined

/** What an operation answers when it says yes. */
export type Answer<P extends keyof paths, V extends Verb> = Json<Good<Of<P, V> extends { responses: infer R } ? R : never>>

type PathPart<O> = O extends { parameters: { path: infer A } } ? { path: A } : object
type QueryPart<O> = O extends { parameters: { query?: infer Q } } ? ([Q] extends [undefined] ? object : { query?: Q }) : object
type BodyPart<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? { body: B } : object
type OncePart<O> = O extends { parameters: { header: { 'Idempotency-Key': string } } } ? { once: string } : object

/** What an operation must be given: parts of its address, a query, a body, and a number for what must happen only once. */
export type Given<P extends keyof paths, V extends Verb> = PathPart<Of<P, V>> &
  QueryPart<Of<P, V>> &
  BodyPart<Of<P, V>> &
  OncePart<Of<P, V>>
