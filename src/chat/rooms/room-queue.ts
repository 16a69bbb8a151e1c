import { Injectable } from '@nestjs/common';
import { Refusal } from '../../kernel/refusal.js';

/** Changes of one room, or of one person's rooms, that may wait. */
const QUEUE_LIMIT = 2_000;

interface Queue {
  length: number;
  last: Promise<unknown>;
}

/**
 * Lets the changes of a room come one after the other on this node, so that a crowd that joins it
 * does not conflict with itself. Other nodes are not held up: the store decides between them.
 */
@Injectable()
export class RoomQueue {
  private readonly queues = new Map<string, Queue>();

  /**
   * @param key changes with the same key run one after the other
   * @param work is told whether another one ran, or waited, when this one came
   * @throws Refusal `busy`, by rejection, where too many wait already
   */
  async run<Done>(key: string, work: (hasWaited: boolean) => Promise<Done>): Promise<Done> {
    const queue = this.queues.get(key) ?? { length: 0, last: Promise.resolve() };
    if (queue.length >= QUEUE_LIMIT) throw new Refusal('busy');
    const hasWaited = queue.length > 0;
    queue.length += 1;
    this.queues.set(key, queue);
    const done = queue.last.then(() => work(hasWaited));
    queue.last = done.catch(() => undefined); // Whoever asked gets it.
    try {
      return await done;
    } finally {
      queue.length -= 1;
      if (queue.length === 0) this.queues.delete(key);
    }
  }
}
