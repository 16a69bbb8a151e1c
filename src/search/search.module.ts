import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../chat/chat.module.js';
import { HttpModule } from '../http/http.module.js';
import { IndexFilling } from './index-filling.js';
import { Indexer } from './indexer.js';
import { PresentMessages } from './present-messages.js';
import { ReadableRooms } from './readable.js';
import { SearchMeters } from './search-meters.js';
import { SearchController } from './search.controller.js';
import { SearchService } from './search.service.js';

/** Finding what was said. The index is an engine's; a follower of the log fills it. */
@Module({
  imports: [AuthModule, ChatModule, HttpModule],
  controllers: [SearchController],
  providers: [SearchService, IndexFilling, Indexer, PresentMessages, ReadableRooms, SearchMeters],
})
export class SearchModule {}
