/** Texts of the files beside what is typed, apart from the others: nobody who only types loads them. */
export const zhUpload = {
  'upload.list': '已添加的文件',
  'upload.phase.uploading': '正在上传',
  'upload.phase.offline': '等待网络',
  'upload.progress': '“{name}”的上传进度',
  'upload.retry': '重新上传“{name}”',
  'upload.cancel': '取消上传“{name}”',
  'upload.remove': '移除“{name}”',
  'upload.waiting': '文件上传完就发送',
  'upload.stopWaiting': '先不发送',
  'upload.textMissing': '写上要用这些文件做什么，才能发送。',
  'upload.unfit.image': '{agent}不看图片。移除它，或换一个智能体。',
  'upload.unfit.file': '{agent}不接收这类文件。移除它，或换一个智能体。',
  'upload.status.running': '正在上传 {count} 个文件',
  'upload.status.ready': '已添加 {count} 个文件',
} as const
