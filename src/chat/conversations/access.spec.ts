import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../../kernel/refusal.js';
import { Access, type Action } from './access.js';
import { directKey, roomKey } from './key.js';
import { LOBBY_KEY } from './lobby.js';
import { principalOf } from './principal.js';

const ANN = principalOf({ id: '01ANN', username: 'ann' });
const ACTIONS: readonly Action[] = ['read', 'send'];
const access = new Access();

describe('Access', () => {
  it.each(ACTIONS)('lets everybody %s in the lobby', (action) => {
    expect(access.mayDo(ANN, LOBBY_KEY, action)).toEqual({ allowed: true });
  });

  it.each(ACTIONS)('lets each side of a private conversation %s there', (action) => {
    for (const other of ['01A', '01Z']) {
      expect(access.mayDo(ANN, directKey('01ANN', other), action)).toEqual({ allowed: true });
    }
  });

  it.each(ACTIONS)('lets nobody %s anywhere else, and says the same of all places', (action) => {
    const others = [
      ...[roomKey('other'), roomKey(''), roomKey('LOBBY'), roomKey('lobby:x')],
      ...[directKey('01A', '01B'), directKey('01ANNA', '01B')],
    ];
    for (const conversation of others) {
      const no = { allowed: false, code: 'not-a-member' };
      expect(access.mayDo(ANN, conversation, action)).toEqual(no);
    }
  });

  it('refuses who can wait with the same code, and names the field at fault', async () => {
    const closed = roomKey('other');
    await expect(access.require(ANN, closed, 'read')).rejects.toEqual(new Refusal('not-a-member'));
    await expect(access.require(ANN, closed, 'read', 'room')).rejects.toMatchObject({
      details: { field: 'room' },
    });
    await expect(access.require(ANN, LOBBY_KEY, 'send')).resolves.toBeUndefined();
  });
});
