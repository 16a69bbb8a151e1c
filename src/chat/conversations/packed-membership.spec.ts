import { describe, expect, it } from '@jest/globals';
import { pack, unpack } from './packed-membership.js';
import { ROLES } from './room.js';

describe('A membership in one number', () => {
  it.each(ROLES.flatMap((role) => [0, 1, 7, 2 ** 31, 2 ** 50].map((joined) => ({ role, joined }))))(
    'is the same again: $role from $joined',
    (place) => {
      const membership = { ...place, left: null };
      expect(unpack(pack(membership))).toEqual(membership);
    },
  );
});
