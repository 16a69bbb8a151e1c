/** Takes one client's frames, in order. */
export interface FrameReceiver {
  receive(text: string): void;
  /** Bytes of frames waiting to be handled. */
  readonly waitingBytes: number;
}
