import type { RestClient } from '@parley/client';

/** Asks the service something, as the person who is logged in. @throws SessionOver, RestError */
export type Ask = <Answer>(
  call: (rest: RestClient, accessToken: string) => Promise<Answer>,
) => Promise<Answer>;
