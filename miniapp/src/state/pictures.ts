/** A picture from the camera or the album; "" where somebody thought better of it. */
export function pickPicture(): Promise<string> {
  return new Promise((resolve) => {
    uni.chooseImage({
      count: 1,
      sizeType: ['original', 'compressed'],
      sourceType: ['album', 'camera'],
      success: (told) => resolve(told.tempFilePaths[0] ?? ''),
      fail: () => resolve(''),
    })
  })
}

export function sizeOf(path: string): Promise<{ width: number; height: number }> {
  return new Promise((resolve, reject) => {
    uni.getImageInfo({ src: path, success: resolve, fail: () => reject(new Error('unreadable')) })
  })
}
