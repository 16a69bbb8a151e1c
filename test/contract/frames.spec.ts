import { describe, expect, it } from '@jest/globals';
import * as client from '../../client/frames.js';
import * as service from '../../src/gateway/wire/frames.js';

/** What the native format writes: the list of people is text there. */
type OnTheWire =
  | Exclude<service.ServerFrame, service.GroupListFrame>
  | (Omit<service.GroupListFrame, 'data'> & { readonly data: string });

/** Does not compile where the client's description lacks, or contradicts, what the service says. */
const understood = (frame: OnTheWire): client.ServerFrame => frame;

describe("The typed client's frames", () => {
  it('have the numbers that the service gives them', () => {
    expect(client.FrameType).toEqual(service.FrameType);
  });

  it('hold all that the service sends', () => {
    const frame = { type: service.FrameType.Leave, user: { id: '1', username: 'a' } } as const;
    expect(understood({ ...frame, data: 'a left', time: 1 })).toMatchObject(frame);
  });
});
