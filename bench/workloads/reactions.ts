import { setTimeout as delay } from 'node:timers/promises';
import { FrameType } from '@parley/protocol';
import { admit, gather } from '../load/crowd.js';
import { HttpCaller } from '../load/http-caller.js';
import type { Member, Witness } from '../load/member.js';
import { taggedRef, taggedText } from '../load/tag.js';
import { atTurn } from '../load/turns.js';
import { untilQuiet } from '../measure/quiet.js';
import { ServerProcess } from '../measure/server-process.js';
import type { Peer } from '../peers/peer.js';
import type { Result, Workload } from './workload.js';

const PEOPLE = 1_000;
const WITHIN_MS = 2_000;
const PATIENCE_MS = 20_000;
const LOOK_MS = 20;
const EMOJI = '👍';
/** How the frames begin that tell of reactions. */
const REACTED = `{"type":${FrameType.Reaction},`;

/** Everybody does the same thing once, within two seconds: first each says something, then all react. */
export const reactions: Workload = {
  name: 'reactions',
  title: `${PEOPLE} people react to one message within ${WITHIN_MS / 1_000} s, and before, say one each`,
  columns: [
    { key: 'events', title: 'entries of the log' },
    { key: 'acks', title: 'Acks' },
    { key: 'counted', title: 'counted at the end' },
    { key: 'cpuPerAct', title: 'CPU µs per act' },
    { key: 'cpuPerDelivery', title: 'CPU µs per delivery' },
    { key: 'seconds', title: 's until all had all' },
  ],
  limitMs: 180_000,
  suits: (peer) => peer.name === 'parley',
  run: async (peer) => {
    const server = await ServerProcess.start(peer);
    try {
      const passes = await admit(peer, server.port, PEOPLE);
      const members = await gather(peer, server.port, passes);
      const crowd = new ActingCrowd(peer, server, members);
      const results = [await crowd.say(), await crowd.react()];
      for (const member of members) member.leave();
      return results;
    } finally {
      await server.stop();
    }
  },
};

/** The frames that came for what the crowd does. */
class Heard implements Witness {
  acks = 0;
  texts = 0;
  reactions = 0;

  onText(): void {
    this.texts += 1;
  }

  onRef(): void {
    this.acks += 1;
  }

  onOther(_member: Member, head: string): void {
    if (head.startsWith(REACTED)) this.reactions += 1;
  }

  onRead(): void {
    // Each frame counts by itself.
  }
}

class ActingCrowd {
  private readonly caller: HttpCaller;

  constructor(
    private readonly peer: Peer,
    private readonly server: ServerProcess,
    private readonly members: readonly Member[],
  ) {
    this.caller = new HttpCaller(server.port, 1);
  }

  async say(): Promise<Result> {
    const act = (member: Member, number: number): string =>
      this.peer.say(member.pass, taggedText(number), taggedRef(number));
    const isOver = ({ texts }: Heard): boolean => texts === PEOPLE * PEOPLE;
    const { heard, figures } = await this.act(act, isOver, ({ texts }) => texts);
    const counted = heard.texts / PEOPLE;
    return this.result('one message of each', 0, heard, { ...figures, counted });
  }

  async react(): Promise<Result> {
    const { items } = await this.read<{ readonly items: readonly Said[] }>('?limit=1');
    const target = atTurn(items, 0).seq;
    // A ref is one's own only once, whatever it was for.
    const act = (_member: Member, number: number): string =>
      JSON.stringify({
        ...{ type: FrameType.Reaction, target, data: EMOJI },
        ref: taggedRef(PEOPLE + number),
      });
    const { heard, figures } = await this.act(
      act,
      () => false,
      ({ reactions }) => reactions,
    );
    const after = await this.read<Said>(`/${target}`);
    const counted = after.reactions?.find(({ key }) => key === EMOJI)?.count ?? 0;
    return this.result('one reaction of each', 1, heard, { ...figures, counted });
  }

  private result(
    setting: string,
    x: number,
    heard: Heard,
    figures: Readonly<Record<string, number>>,
  ): Result {
    const isWhole = heard.acks === PEOPLE && figures['counted'] === PEOPLE;
    return { setting, x, outcome: isWhole ? 'ok' : 'lost', figures };
  }

  /** Each member does it once. @param isOver where that can be told; else all has come when nothing more does */
  private async act(
    frame: (member: Member, number: number) => string,
    isOver: (heard: Heard) => boolean,
    deliveries: (heard: Heard) => number,
  ): Promise<{ readonly heard: Heard; readonly figures: Readonly<Record<string, number>> }> {
    await untilQuiet(this.server);
    const heard = new Heard();
    for (const member of this.members) member.witness = heard;
    const began = performance.now();
    const cpuBefore = this.server.meter.cpuMs();
    for (let done = 0; done < PEOPLE;) {
      const due = Math.floor(((performance.now() - began) * PEOPLE) / WITHIN_MS);
      for (; done < Math.min(due, PEOPLE); done++) {
        const member = atTurn(this.members, done);
        member.send(frame(member, done));
      }
      await delay(1);
    }
    const giveUpAt = performance.now() + PATIENCE_MS;
    while (heard.acks < PEOPLE && performance.now() < giveUpAt) await delay(LOOK_MS);
    let before = -1;
    while (!isOver(heard) && deliveries(heard) > before && performance.now() < giveUpAt) {
      before = deliveries(heard);
      await delay(10 * LOOK_MS);
    }
    const seconds = (performance.now() - began) / 1_000;
    const cpuMs = this.server.meter.cpuMs() - cpuBefore;
    const count = deliveries(heard);
    const cpu = {
      cpuPerAct: (cpuMs * 1_000) / PEOPLE,
      cpuPerDelivery: (cpuMs * 1_000) / (count + heard.acks),
    };
    return { heard, figures: { events: count / PEOPLE, acks: heard.acks, seconds, ...cpu } };
  }

  private async read<Answer>(of: string): Promise<Answer> {
    const { token } = atTurn(this.members, 0).pass;
    const path = `/rooms/lobby/messages${of}`;
    return JSON.parse(await this.caller.text({ method: 'GET', path, token })) as Answer;
  }
}

interface Said {
  readonly seq: number;
  readonly reactions?: readonly { readonly key: string; readonly count: number }[];
}
