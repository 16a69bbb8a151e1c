/** Somebody as others see them. A name can pass to another person; the id cannot. */
export interface Person {
  readonly id: string;
  readonly username: string;
}
