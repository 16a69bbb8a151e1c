import { types } from 'node:util';

// Jest runs specs in realms of their own, where Node's own errors (a missing file, a port in use)
// are no instances of the realm's Error. The service has one realm only: `instanceof Error` must
// mean the same in specs.
Object.defineProperty(Error, Symbol.hasInstance, {
  value(candidate) {
    if (this === Error && types.isNativeError(candidate)) return true;
    return Function.prototype[Symbol.hasInstance].call(this, candidate);
  },
});
