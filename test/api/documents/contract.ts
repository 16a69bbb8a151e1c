import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';

interface Document {
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** A document of docs/, with the schemas that its values must be. */
export class Contract<Shape extends Document> {
  readonly document: Shape;
  private readonly ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });

  constructor(name: string) {
    const text = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
    // Both formats keep schemas where JSON Schema does not look for them.
    this.document = JSON.parse(
      text.replaceAll('"#/components/schemas/', '"contract#/$defs/'),
    ) as Shape;
    addFormats.default(this.ajv);
    this.ajv.addSchema({ $id: 'contract', $defs: this.document.components.schemas });
  }

  get schemas(): readonly string[] {
    return Object.keys(this.document.components.schemas);
  }

  /** @returns what is wrong with the value, or null */
  fault(schema: object | string, value: unknown): string | null {
    const check =
      typeof schema === 'string'
        ? this.ajv.getSchema(`contract#/$defs/${schema}`)
        : this.ajv.compile(schema);
    if (check === undefined) throw new Error('there is no such schema');
    return check(value) ? null : this.ajv.errorsText(check.errors);
  }
}
