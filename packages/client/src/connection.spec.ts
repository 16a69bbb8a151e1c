import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FrameType } from '@parley/protocol';
import { Connection, type Socket } from './connection.js';

const HEARTBEAT_MS = 30_000;
const WELCOME = {
  type: 2,
  user: null,
  data: 'Welcome',
  time: 1,
  self: { id: 'id-alice', username: 'alice' },
  session: { id: 'session', expires_at: 1 },
  heads: { lobby: 0 },
  limits: { text: 4000, frame: 65_536 },
  heartbeat: HEARTBEAT_MS,
};

type Listener = (event: never) => void;

/** The service's end: sent frames, and frames to the client. */
class Line {
  readonly sent: { type: number }[] = [];
  readonly told: string[] = [];
  readonly connection: Connection;
  private readonly listeners = new Map<string, Listener>();

  constructor() {
    const socket: Socket = {
      send: (text) => this.sent.push(JSON.parse(text) as { type: number }),
      close: () => undefined,
      addEventListener: (type: string, listener: Listener) => this.listeners.set(type, listener),
    };
    this.connection = new Connection(socket, {
      welcome: () => undefined,
      frame: () => undefined,
      overdue: (isOverdue) => this.told.push(isOverdue ? 'overdue' : 'answered'),
      closed: ({ code }) => this.told.push(`closed ${String(code)}`),
    });
    this.frame(WELCOME);
  }

  frame(frame: object): void {
    this.listeners.get('message')?.({ data: JSON.stringify(frame) } as never);
  }

  get probes(): number {
    return this.sent.filter(({ type }) => type === FrameType.Sync).length;
  }
}

describe('Connection', () => {
  let line: Line;

  beforeEach(() => {
    jest.useFakeTimers();
    line = new Line();
  });
  afterEach(() => {
    line.connection.close();
    jest.useRealTimers();
  });

  it('waits for no answer to what has none', () => {
    const line = new Line();
    line.connection.send({ type: FrameType.Typing, room: 'lobby' });
    jest.advanceTimersByTime(5_000);
    expect(line.told).toEqual([]);
  });

  it('says that an answer is overdue some seconds after anything was sent', () => {
    line.connection.send({ type: FrameType.GroupList });
    jest.advanceTimersByTime(3_900);
    expect(line.told).toEqual([]);
    jest.advanceTimersByTime(200);
    expect(line.told).toEqual(['overdue']);
    line.frame({ type: 1, data: '[]' });
    expect(line.told).toEqual(['overdue', 'answered']);
  });

  it('says nothing where the answers come', () => {
    for (let i = 0; i < 20; i++) {
      line.connection.send({ type: FrameType.GroupList });
      jest.advanceTimersByTime(3_000);
      line.frame({ type: 1, data: '[]' });
    }
    expect(line.told).toEqual([]);
  });

  it('asks for a sign of life after half a heartbeat of silence, and is lost after the other', () => {
    jest.advanceTimersByTime(10_000);
    line.frame({ type: 1, data: '[]' });
    jest.advanceTimersByTime(HEARTBEAT_MS / 2 - 100);
    expect(line.probes).toBe(0);
    jest.advanceTimersByTime(200);
    expect(line.probes).toBe(1);
    jest.advanceTimersByTime(HEARTBEAT_MS / 2);
    expect(line.told).toEqual(['overdue', 'closed 1006']);
  });

  it('gives up a dead line in the same time however often it is asked about', () => {
    jest.advanceTimersByTime(HEARTBEAT_MS / 2 + 100);
    for (let i = 0; i < 16; i++) {
      line.connection.probe();
      jest.advanceTimersByTime(1_000);
    }
    expect(line.probes).toBe(1);
    expect(line.told).toEqual(['overdue', 'closed 1006']);
  });

  it('lives as long as the signs of life come', () => {
    for (let i = 0; i < 5; i++) {
      jest.advanceTimersByTime(HEARTBEAT_MS / 2 + 100);
      line.frame({ type: 8, data: {} });
    }
    expect(line.probes).toBe(5);
    expect(line.told).toEqual([]);
  });
});
