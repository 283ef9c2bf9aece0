/** Whose sitting was looked at last on this phone: that institution stands first where one is to be rung. */
const KEY = 'last-institution'

export function keepInstitution(key: string): void {
  uni.setStorageSync(KEY, key)
}

/** Its key; the one that the list of sittings has been narrowed to where none was looked at; "" for neither. */
export function lastInstitution(): string {
  return String(uni.getStorageSync(KEY) || uni.getStorageSync('institution') || '')
}
