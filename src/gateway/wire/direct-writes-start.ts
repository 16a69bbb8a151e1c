import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { type Proof, proveDirectWrites } from './direct-writer-proof.js';
import { writeBy } from './direct-writer.js';

/** Shared by all services in this process, since it tests this Node. */
let proof: Promise<Proof> | null = null;

/** Enables direct writes where this Node proves, at start, that they work. */
@Injectable()
export class DirectWritesStart implements OnModuleInit {
  private readonly logger = new Logger(DirectWritesStart.name);

  async onModuleInit(): Promise<void> {
    proof ??= proveDirectWrites();
    this.heed(await proof);
  }

  private heed(outcome: Proof): void {
    if ('direct' in outcome) {
      writeBy(outcome.direct);
      return;
    }
    this.logger.warn(
      'Sockets are written to through the streams of Node, at a higher cost per message: ' +
        `direct writes failed their proof on Node ${process.version} (${outcome.reason})`,
    );
  }
}
