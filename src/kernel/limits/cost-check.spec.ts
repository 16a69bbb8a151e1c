import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { SetMetadata, UseGuards } from '@nestjs/common';
import { COLLECTS_FOR, Cost, type Handler, priced } from './cost.js';
import { handlersWithoutCost } from './cost-check.js';

class FromPeople {
  static readonly [COLLECTS_FOR] = 'person';
  canActivate(): boolean {
    return true;
  }
}

class FromNobody {
  canActivate(): boolean {
    return true;
  }
}

const Handles = SetMetadata('handles', true);
const isHandler = (method: Handler): boolean => Reflect.hasMetadata('handles', method);

@UseGuards(FromPeople)
class Guarded {
  @Handles
  @Cost(1)
  paid(): void {
    return;
  }

  @Handles
  free(): void {
    return;
  }

  @Handles
  @priced({ payer: 'address', units: 1 })
  collectedFromSomebodyElse(): void {
    return;
  }

  helper(): void {
    return;
  }
}

@UseGuards(FromNobody)
class Unguarded {
  @Handles
  @Cost(1)
  collectedByNobody(): void {
    return;
  }

  @Handles
  @Cost('message')
  @UseGuards(FromPeople)
  paid(): void {
    return;
  }
}

@UseGuards(FromPeople)
class Heir extends Unguarded {
  @Handles
  alsoFree(): void {
    return;
  }
}

describe('The check of costs', () => {
  it('names handlers without a price, and those whose price no guard collects', () => {
    expect(handlersWithoutCost([Guarded, Unguarded], isHandler)).toEqual([
      'Guarded.free',
      'Guarded.collectedFromSomebodyElse',
      'Unguarded.collectedByNobody',
    ]);
  });

  it('looks at what a class inherits, too', () => {
    expect(handlersWithoutCost([Heir], isHandler)).toEqual(['Heir.alsoFree']);
  });
});
