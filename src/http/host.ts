/** A name, an IPv4 address or a bracketed IPv6 address, with or without a port. */
const HOST = /^(?:(?=[^:]{1,255}(?::|$))[\w-]+(?:\.[\w-]+)*\.?|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** The latest that was found good: nearly everybody asks for the same one. */
let goodHost = '';

/** Whether the text is what a Host header may hold (RFC 9112, 3.2), and nothing that hides in one. */
export function isHost(text: string): boolean {
  if (text !== '' && text === goodHost) return true;
  if (!HOST.test(text) || !URL.canParse(`http://${text}`)) return false;
  goodHost = text;
  return true;
}
