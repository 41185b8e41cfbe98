import packageJson from '../../package.json' with { type: 'json' }

/** `MAJOR.MINOR.PATCH` of this program. */
export const appVersion: string = packageJson.version
