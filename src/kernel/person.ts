/** Somebody who can speak, as everybody sees them. */
export interface Person {
  readonly id: string;
  readonly username: string;
}
