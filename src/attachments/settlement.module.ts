import { Global, Module } from '@nestjs/common';
import { Attachables } from '../chat/messages/changing/attachables.js';
import { IsolatedPictureReader } from './pictures/isolated-picture-reader.js';
import { NoAttachables, OwnAttachments } from './own-attachments.js';
import { PictureReader } from './picture-reader.js';
import { Settlement } from './settlement.js';

/** What messages need of files. Apart, since what hands files out needs to know of messages. */
@Global()
@Module({
  providers: [
    Settlement,
    { provide: PictureReader, useClass: IsolatedPictureReader },
    { provide: Attachables, useClass: OwnAttachments },
  ],
  exports: [Settlement, Attachables],
})
export class SettlementModule {}

/** In place of all others where there are no files. */
@Global()
@Module({
  providers: [{ provide: Attachables, useClass: NoAttachables }],
  exports: [Attachables],
})
export class NoAttachmentsModule {}
