import { SetMetadata } from '@nestjs/common';

/**
 * What has a rate of its own, `MESSAGE_RATE` or `HISTORY_RATE`. At that rate all messages of a
 * person together cost a fixed part of what the person may spend, and so do all pages, so that
 * whoever changes such a rate need not think of the other limits.
 */
export type OwnRate = 'message' | 'page';

/** Who is counted for it: the person whose token it is, or the address that it comes from. */
export type Payer = 'person' | 'address';

/** What a command or a call costs, in units of about a tenth of a millisecond of a node's work. */
export interface Price {
  readonly payer: Payer;
  readonly units: number | OwnRate;
}

const PRICE = 'parley:price';

/** On a guard's class: for whom it collects. */
export const COLLECTS_FOR = Symbol('COLLECTS_FOR');

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- as Nest hands it to guards
export type Handler = Function;

/**
 * Says what one command or call costs a person. It stands on each handler that needs a token;
 * what depends on the size of the answer is charged when that is known.
 */
export function Cost(units: number | OwnRate): MethodDecorator {
  return priced({ payer: 'person', units });
}

/** Notes a price on a handler. */
export function priced(price: Price): MethodDecorator {
  return SetMetadata(PRICE, price);
}

/** @returns undefined for a handler without one, which does not get through the start */
export function priceOf(handler: Handler): Price | undefined {
  return Reflect.getMetadata(PRICE, handler) as Price | undefined;
}
