import type { Frame } from '../support/ws-client.js';

interface Request {
  readonly frame: object;
  readonly answer: (frame: Frame) => void;
}

/** What a device asks for with a `ref`, and asks again on its next connection until it is answered. */
export class Requests {
  private readonly open = new Map<string, Request>();
  private count = 0;

  constructor(
    private readonly prefix: string,
    private readonly send: (frame: object) => void,
  ) {}

  get isEmpty(): boolean {
    return this.open.size === 0;
  }

  /** @param isNow whether it can be sent at once */
  ask(frame: object, isNow: boolean): Promise<Frame> {
    const ref = `${this.prefix}.${++this.count}`;
    return new Promise((resolve) => {
      const request = { frame: { ...frame, ref }, answer: resolve };
      this.open.set(ref, request);
      if (isNow) this.send(request.frame);
    });
  }

  /** @returns whether it was one */
  again(ref: string): boolean {
    const request = this.open.get(ref);
    if (request !== undefined) this.send(request.frame);
    return request !== undefined;
  }

  sendAll(): void {
    for (const { frame } of this.open.values()) this.send(frame);
  }

  has(ref: string | undefined): boolean {
    return ref !== undefined && this.open.has(ref);
  }

  /** @returns whether it answers one */
  answered(frame: Frame): boolean {
    const { ref = '' } = frame;
    const request = this.open.get(ref);
    this.open.delete(ref);
    request?.answer(frame);
    return request !== undefined;
  }
}
