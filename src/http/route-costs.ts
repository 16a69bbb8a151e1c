import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { Handler } from '../kernel/limits/cost.js';
import { handlersWithoutCost, type HandlerClass } from '../kernel/limits/cost-check.js';

/** The metadata key under which Nest marks a method as a route handler. */
const METHOD = 'method';

/** Lets the service start only where every call has a cost. */
@Injectable()
export class RouteCosts implements OnModuleInit {
  constructor(private readonly modules: ModulesContainer) {}

  /** @throws Error that names the handlers without a cost */
  onModuleInit(): void {
    const free = handlersWithoutCost(this.controllers(), (method: Handler) =>
      Reflect.hasMetadata(METHOD, method),
    );
    if (free.length > 0) throw new Error(`No cost is declared for: ${free.join(', ')}`);
  }

  private *controllers(): Iterable<HandlerClass> {
    for (const { controllers } of this.modules.values()) {
      for (const { metatype } of controllers.values()) {
        if (typeof metatype === 'function') yield metatype;
      }
    }
  }
}
