import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { BlobStore } from '../../attachments/blob-store.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { FileBlobStore } from './file-blob-store.js';

/** Files of messages in a folder. */
@Global()
@Module({
  providers: [
    {
      provide: FileBlobStore,
      inject: [SETTINGS],
      useFactory: ({ attachments }: Settings) => {
        if (attachments?.engine !== 'files') throw new Error('There is no folder for attachments');
        return new FileBlobStore(attachments.dir);
      },
    },
    { provide: BlobStore, useExisting: FileBlobStore },
  ],
  exports: [BlobStore],
})
export class FilesModule implements OnModuleInit {
  constructor(private readonly store: FileBlobStore) {}

  async onModuleInit(): Promise<void> {
    await this.store.prepare();
  }
}
