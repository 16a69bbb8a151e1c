import { FrameType } from '@parley/protocol';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { IsString, Length } from 'class-validator';
import { TokenService } from '../../../auth/tokens/token.service.js';
import { Cost } from '../../../kernel/limits/cost.js';
import { Refusal } from '../../../kernel/refusal.js';
import { Connection } from '../../connections/connection.js';
import { CommandGateway } from '../command-gateway.js';
import { IsRef } from '../dto/is-ref.js';

export class RenewDto {
  /** An access token. */
  @IsString()
  @Length(1, 4_096)
  readonly data!: string;

  @IsRef()
  readonly ref?: string;
}

/** Renews the session's access token. */
@CommandGateway()
export class RenewCommand {
  constructor(private readonly tokens: TokenService) {}

  @SubscribeMessage(FrameType.Renew)
  @Cost(2)
  async handle(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { data, ref }: RenewDto,
  ): Promise<void> {
    const identity = await this.tokens.verify(data);
    if (identity.user.id !== connection.person.id) throw new Refusal('invalid-token');
    connection.renew(identity);
    connection.send({
      type: FrameType.Renew,
      ...(ref === undefined ? {} : { ref }),
      data: { expires_at: identity.expiresAt },
    });
  }
}
