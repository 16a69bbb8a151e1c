import type { OnGatewayConnection, OnGatewayDisconnect } from '@nestjs/websockets';
import type { Connection } from '../../connections/connection.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { CommandGateway } from '../command-gateway.js';

/** Hears from Nest that a connection opened or ended; it has no commands. */
@CommandGateway()
export class ConnectionEvents
  implements OnGatewayConnection<Connection>, OnGatewayDisconnect<Connection>
{
  constructor(private readonly lifecycle: Lifecycle) {}

  handleConnection(connection: Connection): void {
    // Nest tells of a connection again when a gateway is bound to it for its first frame.
    if (connection.arrive()) this.lifecycle.begin(connection);
  }

  handleDisconnect(connection: Connection): void {
    this.lifecycle.end(connection);
  }
}
