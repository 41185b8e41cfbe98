import { iconPaths } from '../../../shared/ui/icon-paths.ts'

/** Icons of the navigation. Those that only this area draws stay out of what everybody loads. */
export const adminIcons = {
  bolt: iconPaths.bolt,
  device: 'M3.5 4.5h13v8.5h-13zM7.5 16h5M10 13v3',
  gauge: 'M3.5 14.5a6.5 6.5 0 1 1 13 0M10 14l3-4.5',
  key: iconPaths.key,
  list: 'M7.5 5.5h9M7.5 10h9M7.5 14.5h9M3.8 5.5h.01M3.8 10h.01M3.8 14.5h.01',
  server: 'M3.5 4h13v5h-13zM3.5 11h13v5h-13zM6.5 6.5h.01M6.5 13.5h.01',
  user: 'M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM4.5 16.5c.4-2.9 2.5-4.5 5.5-4.5s5.1 1.6 5.5 4.5',
  users:
    'M7.5 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM3 16c.3-2.6 2-4 4.5-4s4.2 1.4 4.5 4M13 9.3a2.3 2.3 0 0 0 0-4.6M14 12.2c1.7.4 2.7 1.7 3 3.8',
} as const
