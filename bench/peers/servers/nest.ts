import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import { Module, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WsAdapter } from '@nestjs/platform-ws';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
  type OnGatewayConnection,
} from '@nestjs/websockets';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { type Server, WebSocket } from 'ws';

class SayDto {
  @IsString()
  @MaxLength(4000)
  data = '';

  @IsOptional()
  @IsString()
  ref?: string;
}

/** A room on Nest's default adapter, as its pages on gateways and pipes show it. */
@WebSocketGateway()
class RoomGateway implements OnGatewayConnection {
  @WebSocketServer()
  private readonly server!: Server;
  private readonly users = new WeakMap<WebSocket, { id: string; username: string }>();
  private seq = 0;

  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    const username = new URL(request.url ?? '', 'ws://localhost').searchParams.get('name') ?? '';
    this.users.set(socket, { id: `01JC${username.padStart(22, '0')}`, username });
  }

  @SubscribeMessage('say')
  say(@MessageBody(new ValidationPipe()) { data }: SayDto, @ConnectedSocket() socket: WebSocket) {
    const message = { event: 'say', data: this.messageOf(socket, data) };
    for (const client of this.server.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(JSON.stringify(message));
    }
  }

  @SubscribeMessage('echo')
  echo(@MessageBody(new ValidationPipe()) { data }: SayDto): { event: string; data: unknown } {
    return { event: 'echo', data: { data } };
  }

  private messageOf(socket: WebSocket, data: string): object {
    this.seq += 1;
    return {
      type: 2,
      user: this.users.get(socket),
      data,
      room: 'lobby',
      id: `01JD${String(this.seq).padStart(22, '0')}`,
      seq: this.seq,
      time: Date.now(),
    };
  }
}

@Module({ providers: [RoomGateway] })
class RoomModule {}

const app = await NestFactory.create(RoomModule);
app.useWebSocketAdapter(new WsAdapter(app));
await app.listen(Number(process.env['PORT']), '127.0.0.1');
