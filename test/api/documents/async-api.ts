export interface Reference {
  readonly $ref: string;
}

/** What the tests read of the AsyncAPI document. */
export interface AsyncApi {
  readonly channels: Readonly<Record<string, { readonly address: string }>>;
  readonly operations: Readonly<
    Record<
      string,
      {
        readonly action: 'send' | 'receive';
        readonly messages: readonly Reference[];
        readonly reply?: { readonly messages: readonly Reference[] };
      }
    >
  >;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly messages: Readonly<
      Record<string, { readonly examples: readonly { readonly payload: object }[] }>
    >;
  };
}
