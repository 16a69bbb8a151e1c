import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** Why the service would rather not be sent anybody. */
export type Obstacle = 'starting' | 'stopping' | 'store';

/**
 * Whether this node should be sent new clients. Those that are here are served meanwhile.
 *
 * A part that cannot do its work names its obstacle, and clears it when it can again; naming one
 * twice is naming it once. Stopping is named here, by the first step of every stop.
 */
@Injectable()
export class Readiness implements OnModuleDestroy {
  private readonly named = new Set<Obstacle>();

  onModuleDestroy(): void {
    this.block('stopping');
  }

  block(obstacle: Obstacle): void {
    this.named.add(obstacle);
  }

  clear(obstacle: Obstacle): void {
    this.named.delete(obstacle);
  }

  /** What stands in the way, in the order in which it came. Empty: ready. */
  get obstacles(): readonly Obstacle[] {
    return [...this.named];
  }

  get ready(): boolean {
    return this.named.size === 0;
  }
}
