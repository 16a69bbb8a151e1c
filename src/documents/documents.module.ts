import { Module } from '@nestjs/common';
import { DocumentsController } from './documents.controller.js';

/** The contract, as documents. */
@Module({ controllers: [DocumentsController] })
export class DocumentsModule {}
