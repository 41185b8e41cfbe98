import {
  createChoiceSetting,
  createFlagSetting,
  createIntegerSetting,
  createListSetting,
  createTextSetting,
} from '../setting.ts'
import { createLengthParser, parseText, parseWebUrl } from '../setting-parsers.ts'

export const serverSettings = {
  mode: createChoiceSetting({
    variable: 'LLMCHAT_MODE',
    description: 'Which rules apply. Production refuses unsafe settings and brings no demo agents.',
    choices: ['embedded', 'production'],
    default: null,
    defaultText: 'production when DATABASE_URL is set or HOST is not loopback, else embedded',
    example: 'production',
  }),
  host: createTextSetting({
    variable: 'HOST',
    description: 'The address to listen on. 0.0.0.0 is every network this machine is in.',
    rule: 'a host name or an IP address',
    example: '0.0.0.0',
    default: '127.0.0.1',
    parse: (text) => (/^[A-Za-z0-9.:_-]+$/.test(text) ? text : undefined),
  }),
  port: createIntegerSetting({
    variable: 'PORT',
    description: 'The port to listen on; 0 takes any free one.',
    min: 0,
    max: 65_535,
    default: 3001,
  }),
  publicUrl: createTextSetting({
    variable: 'PUBLIC_URL',
    description: 'The address people use, as the browser shows it. Required in production, there with https.',
    rule: 'an http or https address without query',
    example: 'https://chat.corp.example',
    default: null,
    defaultText: 'made from HOST and PORT',
    parse: parseWebUrl,
  }),
  allowInsecureHttp: createFlagSetting({
    variable: 'ALLOW_INSECURE_HTTP',
    description: 'Lets production do without an https PUBLIC_URL: cookies then travel unprotected.',
    default: false,
    defaultText: '0',
  }),
  trustedProxies: createListSetting({
    variable: 'TRUSTED_PROXIES',
    description: 'Proxies whose X-Forwarded-* headers are believed.',
    rule: 'IP addresses or networks, separated by commas',
    example: '10.0.0.0/8,127.0.0.1',
  }),
  secretKey: createTextSetting({
    variable: 'SECRET_KEY',
    description:
      'Seals the agents’ API keys and signs CSRF tokens; the same on every instance. Losing it loses the keys. Required in production. Make one with: openssl rand -base64 48',
    rule: 'at least 32 characters, made at random',
    example: '(the output of: openssl rand -base64 48)',
    default: null,
    defaultText: 'a file made in DATA_DIR on the first run',
    parse: createLengthParser(32),
  }),
  newSecretKey: createTextSetting({
    variable: 'NEW_SECRET_KEY',
    description: 'For `llmchat rotate-secret-key` alone: what SECRET_KEY shall become.',
    rule: 'at least 32 characters, made at random',
    example: '(the output of: openssl rand -base64 48)',
    default: null,
    defaultText: 'where the secret is a file: made at random',
    parse: createLengthParser(32),
  }),
  dataDir: createTextSetting({
    variable: 'DATA_DIR',
    description: 'The folder of the embedded database, its lock and the secret key. Only one process may use it.',
    rule: 'a path',
    example: '/var/lib/llmchat',
    default: './data',
    parse: parseText,
  }),
  logLevel: createChoiceSetting({
    variable: 'LOG_LEVEL',
    description: 'The least important log lines that are written.',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
  }),
}
