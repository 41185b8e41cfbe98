import type { zhUpload } from '../zh/upload.ts'

export const enUpload = {
  'upload.list': 'Added files',
  'upload.phase.uploading': 'Uploading',
  'upload.phase.offline': 'Waiting for the network',
  'upload.progress': 'Upload of “{name}”',
  'upload.retry': 'Upload “{name}” again',
  'upload.cancel': 'Cancel the upload of “{name}”',
  'upload.remove': 'Remove “{name}”',
  'upload.waiting': 'Sends when the files are uploaded',
  'upload.stopWaiting': 'Not yet',
  'upload.textMissing': 'Write what to do with the files, then send.',
  'upload.unfit.image': '{agent} does not look at images. Remove it, or choose another agent.',
  'upload.unfit.file': '{agent} does not take files of this kind. Remove it, or choose another agent.',
  'upload.status.running': '{count, plural, one {Uploading # file} other {Uploading # files}}',
  'upload.status.ready': '{count, plural, one {# file added} other {# files added}}',
} satisfies Record<keyof typeof zhUpload, string>
