import { join } from 'node:path'
import type { Setting } from './setting.ts'
import { settings } from './settings.ts'
import type { UploadConfig } from './upload-config.ts'

interface SettingReader {
  read: <Value>(setting: Setting<Value>) => Value
  refuse(setting: Setting<unknown>, rule: string): void
}

export function toUploads(reader: SettingReader): UploadConfig {
  const { read } = reader
  return {
    store: read(settings.uploadStore) === 's3' ? toBucket(reader) : toFolder(reader),
    maxFileBytes: read(settings.uploadMaxFileBytes),
    maxFiles: read(settings.uploadMaxFiles),
    maxBytesPerUser: read(settings.uploadMaxBytesPerUser),
    maxTextChars: read(settings.uploadMaxTextChars),
  }
}

function toFolder({ read }: SettingReader): UploadConfig['store'] {
  return { kind: 'folder', folder: read(settings.uploadFolder) ?? join(read(settings.dataDir), 'uploads') }
}

function toBucket(reader: SettingReader): UploadConfig['store'] {
  function need(setting: Setting<string | null>): string {
    const value = reader.read(setting)
    if (value === null) reader.refuse(setting, 'must be set with UPLOAD_STORE=s3')
    return value ?? ''
  }
  return {
    kind: 's3',
    endpoint: need(settings.s3Endpoint),
    bucket: need(settings.s3Bucket),
    region: reader.read(settings.s3Region),
    accessKeyId: need(settings.s3AccessKeyId),
    secretAccessKey: need(settings.s3SecretAccessKey),
  }
}
