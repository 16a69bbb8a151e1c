import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known of the request that the running code serves. */
interface RequestFacts {
  readonly requestId: string;
}

const storage = new AsyncLocalStorage<RequestFacts>();

/** Runs something, and all that it starts, on behalf of a request. */
export function runInRequest<Result>(requestId: string, work: () => Result): Result {
  return storage.run({ requestId }, work);
}

/** The id of the request that is being served; undefined outside of one. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}
