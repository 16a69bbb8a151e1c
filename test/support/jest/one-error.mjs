import { types } from 'node:util';

// Jest runs specs in a realm of their own, where an error of Node itself (a file that is missing, a
// port that is taken) is no instance of the realm's Error. In the service there is one realm only:
// `instanceof Error` must mean in specs what it means there.
Object.defineProperty(Error, Symbol.hasInstance, {
  value(candidate) {
    if (this === Error && types.isNativeError(candidate)) return true;
    return Function.prototype[Symbol.hasInstance].call(this, candidate);
  },
});
