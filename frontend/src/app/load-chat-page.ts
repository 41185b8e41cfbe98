/** The chat is a chunk of its own; asked for at the start, so that it is there when the login has been checked. */
export async function loadChatPage() {
  const { default: ChatPage } = await import('../features/chat/ChatPage.tsx')
  return { default: ChatPage }
}
