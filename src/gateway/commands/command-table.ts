import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { Handler } from '../../kernel/limits/cost.js';
import { handlersWithoutCost, type HandlerClass } from '../../kernel/limits/cost-check.js';
import { isConcurrent } from './concurrent.js';
import { CompiledDto, type DtoClass } from './dto/compiled-dto.js';

/**
 * Nest's metadata keys: that a class is a gateway; a method's type, its parameters, and their
 * types.
 */
const GATEWAY = 'websockets:is_gateway';
const MESSAGE_MAPPING = 'websockets:message_mapping';
const MESSAGE = 'message';
const PARAMETERS = '__routeArguments__';
const PARAMETER_TYPES = 'design:paramtypes';
/** The key of a parameter that is the frame's body, or a field of it. */
const BODY = '3:';
/** What TypeScript emits for a type that is no class. */
const NO_DTO: ReadonlySet<unknown> = new Set([Object, String, Number, Boolean, Array]);

/** The index of each parameter, and the field of the body that it takes. */
type BodyParameters = Readonly<Record<string, { readonly index: number; readonly data?: string }>>;

/** A command as its handler declares it. */
interface Declared {
  readonly type: unknown;
  /** As `Class.method`. */
  readonly name: string;
  readonly method: Handler;
  /** Null where the handler takes its body unchecked. */
  readonly dto: DtoClass | null;
}

/**
 * Every command that a gateway handles. The service starts only if each has one handler, a cost,
 * and a DTO that is understood entirely.
 */
@Injectable()
export class CommandTable implements OnModuleInit {
  private readonly indices = new Map<unknown, number>();
  private readonly concurrent = new Set<unknown>();
  private readonly scanner = new MetadataScanner();

  constructor(private readonly modules: ModulesContainer) {}

  /** How many commands there are. */
  get size(): number {
    return this.indices.size;
  }

  /** @returns a number from 0 on, the same for every connection; -1 for an unknown command */
  placeOf(type: unknown): number {
    return this.indices.get(type) ?? -1;
  }

  /** Whether later frames of a connection need not wait for this one. */
  isConcurrent(type: unknown): boolean {
    return this.concurrent.has(type);
  }

  /** @throws Error that names the handlers at fault */
  onModuleInit(): void {
    const classes = [...this.providers()];
    const free = handlersWithoutCost(classes, isHandler);
    if (free.length > 0) throw new Error(`No cost is declared for: ${free.join(', ')}`);
    const commands = classes.flatMap((one) => this.commandsOf(one));
    const unchecked = commands.filter(({ dto }) => dto === null).map(({ name }) => name);
    if (unchecked.length > 0) throw new Error(`No DTO checks the body of: ${unchecked.join(', ')}`);
    for (const { dto } of commands) if (dto !== null) CompiledDto.of(dto);
    this.number(commands);
  }

  private number(commands: readonly Declared[]): void {
    const taken = new Map<unknown, string>();
    for (const { type, name, method } of commands) {
      const other = taken.get(type);
      if (other !== undefined) {
        throw new Error(`Frame type ${String(type)} has two handlers: ${other} and ${name}`);
      }
      taken.set(type, name);
      this.indices.set(type, this.indices.size);
      if (isConcurrent(method)) this.concurrent.add(type);
    }
  }

  private commandsOf(one: HandlerClass): readonly Declared[] {
    if (!Reflect.hasMetadata(GATEWAY, one)) return [];
    const prototype = one.prototype as Readonly<Record<string, Handler>>;
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const method = prototype[name];
      if (method === undefined || !isHandler(method)) return [];
      const type: unknown = Reflect.getMetadata(MESSAGE, method);
      return [{ type, name: `${one.name}.${name}`, method, dto: dtoOf(one, name) }];
    });
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

function isHandler(method: Handler): boolean {
  return Reflect.hasMetadata(MESSAGE_MAPPING, method);
}

/** The declared class of a handler's body. */
function dtoOf(one: HandlerClass, name: string): DtoClass | null {
  const parameters = (Reflect.getMetadata(PARAMETERS, one, name) ?? {}) as BodyParameters;
  const bodies = Object.keys(parameters).filter((key) => key.startsWith(BODY));
  const types = Reflect.getMetadata(
    PARAMETER_TYPES,
    one.prototype as object,
    name,
  ) as readonly unknown[];
  const [body, ...more] = bodies.map((key) => parameters[key]);
  if (body === undefined || body.data !== undefined || more.length > 0) return null;
  const type = types[body.index];
  return typeof type === 'function' && !NO_DTO.has(type) ? (type as DtoClass) : null;
}
