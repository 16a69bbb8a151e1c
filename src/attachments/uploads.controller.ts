import { Controller, Head, Headers, HttpStatus, Param, Put, Req, Res } from '@nestjs/common';
import type { Attachment } from '@parley/protocol';
import type { Request, Response } from 'express';
import { AddressCost } from '../http/address-cost.js';
import { Refusal } from '../kernel/refusal.js';
import { Scheduler } from '../kernel/scheduler.js';
import { pieceOf } from './content-range.js';
import { watchPace } from './upload-pace.js';
import { type Progress, UPLOAD_TOKEN, UploadsService } from './uploads.service.js';

/** Sending the bytes of a file, with nothing but the headers that its announcement was answered with. */
@Controller('attachments/:id/content')
export class UploadsController {
  constructor(
    private readonly uploads: UploadsService,
    private readonly scheduler: Scheduler,
  ) {}

  /** How much is there. */
  @Head()
  @AddressCost(2)
  async progress(
    @Param('id') id: string,
    @Headers(UPLOAD_TOKEN) token: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    tell(response, await this.uploads.progress(id, required(token)));
  }

  /** Answers 200 with the file once all of it is there, and 202 until then. */
  @Put()
  @AddressCost(5)
  async receive(
    @Param('id') id: string,
    @Headers(UPLOAD_TOKEN) token: string | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Attachment | undefined> {
    watchPace(request, this.scheduler);
    try {
      const { headers } = request;
      const piece = pieceOf(headers['content-range'], headers['content-length']);
      const progress = await this.uploads.receive(id, required(token), piece, request);
      tell(response, progress);
      if (progress.attachment === null) response.status(HttpStatus.ACCEPTED);
      return progress.attachment ?? undefined;
    } finally {
      // What else would come of it is for nobody.
      if (!request.complete && !response.headersSent) response.setHeader('Connection', 'close');
    }
  }
}

function tell(response: Response, { offset, size }: Progress): void {
  response.setHeader('Upload-Offset', offset);
  response.setHeader('Upload-Length', size);
}

/** @throws Refusal `attachment-unknown`, as for another one's */
function required(token: string | undefined): string {
  if (token === undefined) throw new Refusal('attachment-unknown');
  return token;
}
