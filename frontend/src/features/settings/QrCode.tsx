import { encode } from 'uqr'

/** Drawn here: a picture service would learn the secret. One path, dark on light in every theme, or cameras miss it. */
export default function QrCode({ value, label }: { value: string; label: string }) {
  const { size, data } = encode(value, { border: 4 })
  const path = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${String(x)} ${String(y)}h1v1h-1z` : '')))
    .join('')
  return (
    <svg className="settings-qr" viewBox={`0 0 ${String(size)} ${String(size)}`} role="img" aria-label={label}>
      <path d={path} shapeRendering="crispEdges" />
    </svg>
  )
}
