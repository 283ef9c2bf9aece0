/** Let the phone dial a number. Whoever thinks better of it has done nothing wrong. */
export function dial(number: string): void {
  if (number !== '') uni.makePhoneCall({ phoneNumber: number, fail: () => undefined })
}
