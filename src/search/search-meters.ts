import { Injectable } from '@nestjs/common';
import { meterFollowers } from '../chat/feed/follower-meters.js';
import { Meters } from '../kernel/metrics/meters.js';
import { IndexFilling } from './index-filling.js';
import { SearchService } from './search.service.js';

/** What can be measured of searching, and of what fills the index. */
@Injectable()
export class SearchMeters {
  constructor(meters: Meters, filling: IndexFilling, searches: SearchService) {
    meterFollowers(meters, () => [filling.follower]);
    meters.histogram('parley_search_seconds', 'From a search to its answer', searches.times);
    meters.counter(
      'parley_searches_partial_total',
      'Searches that were answered before everything was looked at',
      () => searches.partial,
    );
  }
}
