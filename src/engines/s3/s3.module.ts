import {
  Global,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { BlobStore } from '../../attachments/blob-store.js';
import { SETTINGS, type S3Settings, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { HealthIndicators } from '../../kernel/health-indicators.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { S3BlobStore } from './s3-blob-store.js';
import { S3Client } from './s3-client.js';
import { S3Outage } from './s3-outage.js';
import { S3Signer } from './s3-signer.js';
import { checkBucket } from './s3-start.js';

/** Files of messages in a bucket. */
@Global()
@Module({
  providers: [
    S3Outage,
    {
      provide: S3Signer,
      inject: [SETTINGS, Clock],
      useFactory: (settings: Settings, clock: Clock) => new S3Signer(s3Of(settings), clock),
    },
    {
      provide: S3Client,
      inject: [SETTINGS, S3Signer, Scheduler, S3Outage],
      useFactory: (settings: Settings, signer: S3Signer, scheduler: Scheduler, outage: S3Outage) =>
        new S3Client(s3Of(settings), signer, scheduler, outage),
    },
    {
      provide: BlobStore,
      inject: [SETTINGS, S3Client, S3Signer],
      useFactory: (settings: Settings, client: S3Client, signer: S3Signer) =>
        new S3BlobStore(s3Of(settings), client, signer),
    },
  ],
  exports: [BlobStore],
})
export class S3Module implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly client: S3Client,
    @Inject(SETTINGS) private readonly settings: Settings,
    outage: S3Outage,
    indicators: HealthIndicators,
  ) {
    // Without files people still talk: the node goes on taking clients.
    indicators.add({
      name: 'files',
      needed: false,
      check: () => ({ ok: outage.isOver, detail: { engine: 's3' } }),
    });
  }

  /** @throws StartFailure */
  async onModuleInit(): Promise<void> {
    await checkBucket(this.client, s3Of(this.settings));
  }

  onApplicationShutdown(): void {
    this.client.close();
  }
}

function s3Of({ attachments }: Settings): S3Settings {
  if (attachments?.engine !== 's3') throw new Error('S3_ENDPOINT is not set');
  return attachments;
}
