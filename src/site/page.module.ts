import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { HttpModule } from '../http/http.module.js';
import { PAGE_FOLDER, PageController } from './page.controller.js';
import { SocketIoClientController } from './socket-io-client.controller.js';

/** The chat page. The relative path is the same from the sources and from the build. */
@Module({
  imports: [HttpModule],
  controllers: [PageController, SocketIoClientController],
  providers: [
    { provide: PAGE_FOLDER, useValue: join(import.meta.dirname, '..', '..', 'dist', 'web') },
  ],
})
export class PageModule {}
