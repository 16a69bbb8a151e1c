import { Injectable } from '@nestjs/common';
import { Meters } from '../kernel/metrics/meters.js';
import { AttachmentSweep } from './attachment-sweep.js';
import { DownloadsService } from './downloads.service.js';
import { Settlement } from './settlement.js';
import { UploadsService } from './uploads.service.js';

/** What can be measured of files. */
@Injectable()
export class AttachmentMeters {
  constructor(
    meters: Meters,
    uploads: UploadsService,
    settlement: Settlement,
    downloads: DownloadsService,
    sweep: AttachmentSweep,
  ) {
    meters.counter(
      'parley_attachment_upload_bytes_total',
      'Bytes of files that this node received',
      () => uploads.bytes,
    );
    meters.counter(
      'parley_attachments_total',
      'Files that arrived in full',
      () => settlement.settled,
    );
    meters.counter(
      'parley_attachments_served_total',
      'Files and thumbnails that were handed out',
      () => downloads.served,
    );
    meters.counter(
      'parley_attachments_removed_total',
      'Files that were removed: unused ones, and those of deleted messages',
      () => sweep.removed,
    );
  }
}
