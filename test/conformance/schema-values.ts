import type { Random } from './random.js';

/** The part of JSON Schema that the documents of the contract use. */
export interface Schema {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789你好世界éß';
const MOST_LENGTH = 40;

/** Makes values that a schema allows. */
export class SchemaValues {
  constructor(
    private readonly schemas: Readonly<Record<string, Schema>>,
    private readonly random: Random,
  ) {}

  of(schema: Schema): unknown {
    const { random } = this;
    if (schema.$ref !== undefined) return this.of(this.resolve(schema.$ref));
    if ('const' in schema) return schema.const;
    if (schema.enum) return random.pick(schema.enum);
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return this.of(random.pick(choices));
    const type = typeof schema.type === 'object' ? random.pick(schema.type) : schema.type;
    switch (type) {
      case 'object':
        return this.object(schema);
      case 'array':
        return Array.from({ length: random.below(3) }, () => this.of(schema.items ?? {}));
      case 'string':
        return this.text(schema);
      case 'integer':
      case 'number':
        return this.number(schema);
      case 'boolean':
        return random.chance(0.5);
      default:
        return null;
    }
  }

  private object(schema: Schema): Record<string, unknown> {
    const { properties = {}, required = [], additionalProperties } = schema;
    const value: Record<string, unknown> = {};
    for (const [name, inner] of Object.entries(properties)) {
      if (required.includes(name) || this.random.chance(0.5)) value[name] = this.of(inner);
    }
    if (typeof additionalProperties === 'object') {
      for (let i = this.random.below(3); i > 0; i--) {
        value[this.text({ minLength: 1 })] = this.of(additionalProperties);
      }
    }
    return value;
  }

  private text({ minLength = 0, maxLength = MOST_LENGTH }: Schema): string {
    const least = Math.max(minLength, 1);
    const most = Math.max(least, Math.min(maxLength, MOST_LENGTH));
    const length = least + this.random.below(most - least + 1);
    const letters = Array.from(LETTERS);
    return Array.from({ length }, () => this.random.pick(letters)).join('');
  }

  private number({ minimum = 0, maximum = 1_000_000 }: Schema): number {
    if (this.random.chance(0.2)) return this.random.pick([minimum, maximum]);
    return minimum + this.random.below(maximum - minimum + 1);
  }

  private resolve(reference: string): Schema {
    const schema = this.schemas[reference.slice(reference.lastIndexOf('/') + 1)];
    if (schema === undefined) throw new Error(`there is no schema ${reference}`);
    return schema;
  }
}
