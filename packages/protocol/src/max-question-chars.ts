/** The longest question the server takes, in UTF-16 units; a browser need not send a longer one to be told. */
export const maxQuestionChars = 200_000
