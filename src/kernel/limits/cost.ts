import { SetMetadata } from '@nestjs/common';

/**
 * What has a rate of its own: `MESSAGE_RATE`, `HISTORY_RATE` or `SEARCH_RATE`. At that rate all of a
 * person's messages together take a fixed share of the person's budget, and so do all pages and all
 * searches, so that changing such a rate leaves the other limits as they are.
 */
export type OwnRate = 'message' | 'page' | 'search';

/** Whose budget is charged: that of the token's person, or that of the client's address. */
export type Payer = 'person' | 'address';

/** The price of a command or call, in units of about 0.1 ms of a node's work. */
export interface Price {
  readonly payer: Payer;
  readonly units: number | OwnRate;
}

const PRICE = 'parley:price';

/** On a guard's class: the payer it charges. */
export const COLLECTS_FOR = Symbol('COLLECTS_FOR');

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- as Nest hands it to guards
export type Handler = Function;

/**
 * Declares what a command or call costs a person. It stands on each handler that needs a token;
 * costs that depend on the size of the answer are charged when that is known.
 */
export function Cost(units: number | OwnRate): MethodDecorator {
  return priced({ payer: 'person', units });
}

/** Attaches a price to a handler. */
export function priced(price: Price): MethodDecorator {
  return SetMetadata(PRICE, price);
}

/** @returns undefined for a handler without one, which keeps the service from starting */
export function priceOf(handler: Handler): Price | undefined {
  return Reflect.getMetadata(PRICE, handler) as Price | undefined;
}
