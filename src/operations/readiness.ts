import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** Why the service should not be sent new clients. */
export type Obstacle = 'starting' | 'stopping' | 'store';

/**
 * Whether this node should be sent new clients. Those that are here are served regardless.
 *
 * A part that cannot do its work adds its obstacle, and clears it when it can again; both are
 * idempotent. Stopping is added here, by the first step of every stop.
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

  /** What is in the way, in order of occurrence. Empty: ready. */
  get obstacles(): readonly Obstacle[] {
    return [...this.named];
  }

  get ready(): boolean {
    return this.named.size === 0;
  }
}
