import { afterEach, beforeEach } from '@jest/globals';
import { ClientUnderTest } from './client-under-test.js';
import { ScriptedService } from './scripted-service.js';

type ClientOptions = ConstructorParameters<typeof ClientUnderTest>[1];

/** A scripted service and a client of it. */
export class Stage {
  private client: ClientUnderTest;

  private constructor(readonly service: ScriptedService) {
    this.client = new ClientUnderTest(service);
  }

  static async open(): Promise<Stage> {
    const service = new ScriptedService();
    await service.start();
    return new Stage(service);
  }

  get under(): ClientUnderTest {
    return this.client;
  }

  /** @returns another client, in place of the first */
  replaceClient(options: ClientOptions): ClientUnderTest {
    this.client.leave();
    this.client = new ClientUnderTest(this.service, options);
    return this.client;
  }

  async close(): Promise<void> {
    this.client.leave();
    await this.service.stop();
  }
}

/** @returns the stage of the test that runs: a new one for each */
export function stageForEach(): () => Stage {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());
  return () => stage;
}
