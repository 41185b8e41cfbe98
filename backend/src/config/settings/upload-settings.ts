import { parseText, parseWebUrl } from '../setting-parsers.ts'
import { createChoiceSetting, createIntegerSetting, createTextSetting } from '../setting.ts'

const MIB = 1_048_576

export const uploadSettings = {
  uploadStore: createChoiceSetting({
    variable: 'UPLOAD_STORE',
    description:
      'Where the bytes of uploaded files lie: a folder that all instances share, or a bucket that speaks S3.',
    choices: ['folder', 's3'],
    default: 'folder',
  }),
  uploadFolder: createTextSetting({
    variable: 'UPLOAD_FOLDER',
    description: 'The folder of UPLOAD_STORE=folder. Several instances need the same one, on a shared file system.',
    rule: 'a path',
    example: '/srv/llmchat/uploads',
    default: null,
    defaultText: '`uploads` in DATA_DIR',
    parse: parseText,
  }),
  s3Endpoint: createTextSetting({
    variable: 'S3_ENDPOINT',
    description: 'The address of the S3 service; buckets are named in the path.',
    rule: 'an http or https address',
    example: 'https://s3.corp.example',
    default: null,
    parse: parseWebUrl,
  }),
  s3Bucket: createTextSetting({
    variable: 'S3_BUCKET',
    description: 'The bucket. It must be there already.',
    rule: 'the name of a bucket',
    example: 'llmchat-uploads',
    default: null,
    parse: (text) => (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) ? text : undefined),
  }),
  s3Region: createTextSetting({
    variable: 'S3_REGION',
    description: 'The region that requests are signed for.',
    rule: 'the name of a region',
    example: 'eu-central-1',
    default: 'us-east-1',
    parse: parseText,
  }),
  s3AccessKeyId: createTextSetting({
    variable: 'S3_ACCESS_KEY_ID',
    description: 'The id of the key that may read, write and delete in the bucket.',
    rule: 'the id of an access key',
    example: '(an access key)',
    default: null,
    parse: parseText,
  }),
  s3SecretAccessKey: createTextSetting({
    variable: 'S3_SECRET_ACCESS_KEY',
    description: 'The secret of that key.',
    rule: 'the secret of an access key',
    example: '(its secret)',
    default: null,
    parse: parseText,
  }),
  uploadMaxFileBytes: createIntegerSetting({
    variable: 'UPLOAD_MAX_FILE_BYTES',
    description: 'The largest file. A proxy in front must let it through.',
    min: 1024,
    max: 200 * MIB,
    default: 20 * MIB,
  }),
  uploadMaxFiles: createIntegerSetting({
    variable: 'UPLOAD_MAX_FILES',
    description: 'Files in one message.',
    min: 1,
    max: 50,
    default: 10,
  }),
  uploadMaxBytesPerUser: createIntegerSetting({
    variable: 'UPLOAD_MAX_BYTES_PER_USER',
    description: 'What the files of one person may take together.',
    min: MIB,
    max: 1024 ** 4,
    default: 1024 * MIB,
  }),
  uploadMaxTextChars: createIntegerSetting({
    variable: 'UPLOAD_MAX_TEXT_CHARS',
    description:
      'Characters of a text file that are put into a question; what is longer is cut, and the agent is told so.',
    min: 1000,
    max: 10_000_000,
    default: 200_000,
  }),
}
