/**
 * No usable answer came: the server is down, the network is, it took too long, or something else listens at the address.
 * Whether the request had an effect is not known. `message` is for the person.
 */
export class UnreachableError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "UnreachableError";
  }
}
