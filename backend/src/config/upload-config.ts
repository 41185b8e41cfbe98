/** A bucket that speaks S3. */
export interface S3Config {
  endpoint: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

export interface UploadConfig {
  store: { kind: 'folder'; folder: string } | ({ kind: 's3' } & S3Config)
  maxFileBytes: number
  /** In one message. */
  maxFiles: number
  maxBytesPerUser: number
  /** Of a text file, in a question. */
  maxTextChars: number
}
