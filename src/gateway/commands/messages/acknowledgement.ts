import { FrameType } from '@parley/protocol';
import { Inject, Injectable } from '@nestjs/common';
import type { Receipt } from '../../../chat/log/event.js';
import type { Connection } from '../../connections/connection.js';
import { RejectFilter } from '../reject.filter.js';

/** Where a message went: a room, or a person. */
export type Destination = { readonly room: string } | { readonly to: string };

/** Tells the author that a message is stored, or why not. */
@Injectable()
export class Acknowledgement {
  constructor(@Inject(RejectFilter) private readonly filter: RejectFilter) {}

  /**
   * Sends the answer when the receipt is there. A refusal is the handler's, as any other.
   * @throws Refusal as the receipt, by rejection
   */
  async after(
    connection: Connection,
    destination: Destination,
    ref: string | null,
    receipt: Promise<Receipt>,
  ): Promise<void> {
    const { id, seq, time } = await receipt;
    if (ref !== null) connection.send({ type: FrameType.Ack, ref, ...destination, id, seq, time });
  }

  /** Returns at once; the answer is sent when the receipt is there. */
  follow(
    connection: Connection,
    destination: Destination,
    ref: string | null,
    receipt: Promise<Receipt>,
  ): void {
    receipt.then(
      ({ id, seq, time }) => {
        if (ref === null) return;
        connection.send({ type: FrameType.Ack, ref, ...destination, id, seq, time });
      },
      (error: unknown) => {
        this.filter.answer(connection, error, ref, null);
      },
    );
  }
}
