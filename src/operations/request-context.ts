import { AsyncLocalStorage } from 'node:async_hooks';

/** Tells the id of a request; asked only when something is logged, since ids are given late. */
type RequestIdSource = () => string;

const storage = new AsyncLocalStorage<RequestIdSource>();

/** Runs something, and all that it starts, on behalf of a request. */
export function runInRequest<Result>(id: RequestIdSource, work: () => Result): Result {
  return storage.run(id, work);
}

/** The id of the request that is being served; undefined outside of one. */
export function currentRequestId(): string | undefined {
  const id = storage.getStore()?.();
  return id === '' ? undefined : id;
}
