/**
 * What a WebSocket may cost before anything of it is parsed.
 *
 * A fragmented message may come in 256 pieces; an honest client needs a handful. A frame may come
 * in 1,024 TCP segments: sent byte by byte, each byte would pin two hundred bytes here until the
 * frame is whole, and an honest network needs a hundred segments for 64 KiB. The answer to a close
 * may take five seconds before the socket is cut.
 */
export const SOCKET_BOUNDS = {
  maxFragments: 256,
  maxBufferedChunks: 1_024,
  closeTimeout: 5_000,
} as const;
