import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { Handler } from '../../kernel/limits/cost.js';
import { handlersWithoutCost, type HandlerClass } from '../../kernel/limits/cost-check.js';

/** Where Nest keeps that a method handles messages of a gateway. */
const MESSAGE_MAPPING = 'websockets:message_mapping';

/** Lets the service start only where every command costs its person something. */
@Injectable()
export class CommandCosts implements OnModuleInit {
  constructor(private readonly modules: ModulesContainer) {}

  /** @throws Error that names the handlers which cost nothing */
  onModuleInit(): void {
    const free = handlersWithoutCost(this.providers(), (method: Handler) =>
      Reflect.hasMetadata(MESSAGE_MAPPING, method),
    );
    if (free.length > 0) throw new Error(`No cost is declared for: ${free.join(', ')}`);
  }

  private *providers(): Iterable<HandlerClass> {
    for (const { providers } of this.modules.values()) {
      for (const { metatype } of providers.values()) {
        // Factories are functions, too, and may have no prototype.
        if (typeof metatype === 'function' && Object(metatype.prototype) === metatype.prototype) {
          yield metatype;
        }
      }
    }
  }
}
