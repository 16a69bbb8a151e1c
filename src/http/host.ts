/** A name, an IPv4 address or a bracketed IPv6 address, with or without a port. */
const HOST = /^(?:(?=[^:]{1,255}(?::|$))[\w-]+(?:\.[\w-]+)*\.?|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** The last one found valid: nearly everybody asks for the same one. */
let goodHost = '';

/** Whether the text is a valid Host header (RFC 9112, 3.2). */
export function isHost(text: string): boolean {
  if (text !== '' && text === goodHost) return true;
  if (!HOST.test(text) || !URL.canParse(`http://${text}`)) return false;
  goodHost = text;
  return true;
}
