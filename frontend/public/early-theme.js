// A classic script in the head: it runs before the first paint, so a chosen theme never flashes in the other one.
// A file of its own because the content security policy allows no inline script.
try {
  const { theme } = JSON.parse(localStorage.getItem('llmchat.settings') ?? '{}')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage may be forbidden or hold something else: the theme of the system stands.
}
