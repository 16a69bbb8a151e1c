import { Module } from '@nestjs/common';
import { HttpModule } from '../http/http.module.js';
import { DocumentsController } from './documents.controller.js';

/** The contract, as documents. */
@Module({ imports: [HttpModule], controllers: [DocumentsController] })
export class DocumentsModule {}
