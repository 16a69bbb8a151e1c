import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FrameType } from '@parley/protocol';
import { type Type } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { IsString, Length, ValidateNested } from 'class-validator';
import { createApp } from '../../../src/bootstrap.js';
import { loadSettings } from '../../../src/config/load.js';
import { CommandGateway } from '../../../src/gateway/commands/command-gateway.js';
import { IsRef } from '../../../src/gateway/commands/dto/is-ref.js';
import { Connection } from '../../../src/gateway/connections/connection.js';
import { GatewayModule } from '../../../src/gateway/gateway.module.js';
import type { OutgoingFrame } from '../../../src/gateway/wire/frames.js';
import { Cost } from '../../../src/kernel/limits/cost.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { enter, guest } from '../../support/people.js';
import { TEST_ENVIRONMENT, temporaryFolder } from '../../support/service.js';
import { joinBySocketIo } from '../../support/socket-io-client.js';

/** A type that no client has heard of. */
const ECHO = 77;

class EchoDto {
  @IsString()
  @Length(1, 10)
  readonly data!: string;

  @IsRef()
  readonly ref?: string;
}

/** The whole of a command, as docs/how-to/add-a-command.md tells it. */
@CommandGateway()
class EchoCommand {
  @SubscribeMessage(ECHO)
  @Cost(100)
  handle(@ConnectedSocket() connection: Connection, @MessageBody() { data, ref }: EchoDto): void {
    const frame = { type: ECHO, ...(ref === undefined ? {} : { ref }), data };
    // It is in no document, and so in no type.
    connection.send(frame as unknown as OutgoingFrame);
  }
}

@CommandGateway()
class SecondEchoCommand {
  @SubscribeMessage(ECHO)
  @Cost(1)
  repeat(@MessageBody() _body: EchoDto): void {
    return;
  }
}

@CommandGateway()
class SecondGroupChatCommand {
  @SubscribeMessage(FrameType.GroupChat)
  @Cost(1)
  handle(@MessageBody() _body: EchoDto): void {
    return;
  }
}

@CommandGateway()
class UncheckedCommand {
  @SubscribeMessage(ECHO)
  @Cost(1)
  handle(@MessageBody() _body: Record<string, unknown>): void {
    return;
  }
}

@CommandGateway()
class PartlyCheckedCommand {
  @SubscribeMessage(ECHO)
  @Cost(1)
  handle(@MessageBody('data') _data: string): void {
    return;
  }
}

class NestedDto {
  @ValidateNested()
  readonly data!: EchoDto;
}

@CommandGateway()
class NestedCommand {
  @SubscribeMessage(ECHO)
  @Cost(1)
  handle(@MessageBody() _body: NestedDto): void {
    return;
  }
}

const LISTED = Reflect.getMetadata('providers', GatewayModule) as readonly unknown[];

/** Lists commands in the module of the gateway, as one line each in its file would. */
function list(...commands: readonly Type[]): void {
  Reflect.defineMetadata('providers', [...LISTED, ...commands], GatewayModule);
}

afterEach(() => {
  list();
});

describe('A command in a file of its own', () => {
  let place: RunningApp;

  beforeAll(async () => {
    list(EchoCommand);
    place = await startApp({ COMMAND_RATE: '100' });
  });

  it('is handled once the module of the gateway lists it', async () => {
    const { socket } = await enter(place, 'native');
    socket.send({ type: ECHO, data: 'hello', ref: 'mine' });
    expect(await socket.next({ type: ECHO })).toEqual({ type: ECHO, data: 'hello', ref: 'mine' });
  });

  it('answers the callback of a Socket.IO client, too', async () => {
    const client = await joinBySocketIo(place, await guest(place, 'caller'));
    expect(await client.ask(ECHO, { data: 'hello' })).toEqual({ data: 'hello' });
    expect(await client.ask(ECHO, { data: 5 })).toMatchObject({ code: 'invalid-field' });
  });

  it('is given no body that its DTO does not allow', async () => {
    const { socket } = await enter(place, 'careless');
    socket.send({ type: ECHO, data: 'x'.repeat(11) });
    expect(await socket.next({ type: 7 })).toMatchObject({ code: 'invalid-field', field: 'data' });
    socket.send({ type: ECHO, data: 'x', more: 1 });
    expect(await socket.next({ type: 7 })).toMatchObject({ code: 'unknown-field' });
  });

  it('costs its person what it says', async () => {
    const { socket } = await enter(place, 'spender');
    for (let i = 0; i < 8; i++) socket.send({ type: ECHO, data: 'x' });
    expect(await socket.next({ type: 7 })).toMatchObject({ code: 'rate-limited', retryable: true });
  });

  it('leaves the other commands as they are', async () => {
    const { socket } = await enter(place, 'talker');
    socket.send({ type: FrameType.GroupChat, data: 'hello', ref: 'm' });
    await socket.next({ type: FrameType.Ack, ref: 'm' });
  });
});

describe('A service does not start with a command', () => {
  it.each<[string, readonly Type[], string]>([
    [
      'that another class handles, too, and names both',
      [EchoCommand, SecondEchoCommand],
      'Frame type 77 has two handlers: EchoCommand.handle and SecondEchoCommand.repeat',
    ],
    [
      'that the service has already',
      [SecondGroupChatCommand],
      'Frame type 2 has two handlers: GroupChatCommand.handle and SecondGroupChatCommand.handle',
    ],
    [
      'whose body nobody checks',
      [UncheckedCommand],
      'No DTO checks the body of: UncheckedCommand.handle',
    ],
    [
      'that takes a part of its body only',
      [PartlyCheckedCommand],
      'No DTO checks the body of: PartlyCheckedCommand.handle',
    ],
    [
      'whose DTO asks for what is not understood',
      [NestedCommand],
      'NestedDto.data: nestedValidation is not understood',
    ],
  ])('%s', async (_what, commands, reason) => {
    list(...commands);
    const settings = loadSettings({
      ...TEST_ENVIRONMENT,
      LOG_LEVEL: 'silent',
      DATA_DIR: temporaryFolder(),
    });
    const app = await createApp(settings);
    await expect(app.init()).rejects.toThrow(reason);
    await app.close();
  });
});
