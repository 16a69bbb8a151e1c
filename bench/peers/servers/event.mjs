let seq = 0;

/** The same message from every peer, so that all deliver about as many bytes. */
export function event(user, data) {
  seq += 1;
  return {
    type: 2,
    user,
    data,
    room: 'lobby',
    id: `01JD${String(seq).padStart(22, '0')}`,
    seq,
    time: Date.now(),
  };
}

/** A user as from a log-in. */
export function userOf(name) {
  return { id: `01JC${name.padStart(22, '0')}`, username: name };
}
