import type { Registration, Ticket } from '@/api'

/** A ticket as this phone keeps it: shown at the door where there is no network. */
export interface KeptTicket {
  ticket: Ticket
  registration: Registration
  name: string
  kept_at: string
}

const BEGINNING = 'ticket:'
const key = (number: string): string => BEGINNING + number

export function keepTicket(one: KeptTicket): void {
  uni.setStorageSync(key(one.registration.number), JSON.stringify(one))
}

export function keptTicket(number: string): KeptTicket | null {
  try {
    return JSON.parse(String(uni.getStorageSync(key(number)) || 'null')) as KeptTicket | null
  } catch {
    return null
  }
}

/** All that this phone keeps, the last one seen first: the way to them where no list can be asked for. */
export function keptTickets(): KeptTicket[] {
  const found = keptNumbers().map(keptTicket).filter((one): one is KeptTicket => one !== null)
  return found.sort((one, other) => other.kept_at.localeCompare(one.kept_at))
}

/** These are somebody's registrations; tickets of others, who had this phone before, are not theirs to see. */
export function dropOtherTickets(numbers: readonly string[]): void {
  for (const number of keptNumbers()) if (!numbers.includes(number)) dropTicket(number)
}

function keptNumbers(): string[] {
  const names = uni.getStorageInfoSync().keys.filter((name) => name.startsWith(BEGINNING))
  return names.map((name) => name.slice(BEGINNING.length))
}

/** One that does not count any more must not be shown at the door. */
export function dropTicket(number: string): void {
  uni.removeStorageSync(key(number))
}
