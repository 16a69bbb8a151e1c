let seq = 0;

/** What every peer sends for a message, so that all deliver about as many bytes. */
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

/** A user as a log-in would give it. */
export function userOf(name) {
  return { id: `01JC${name.padStart(22, '0')}`, username: name };
}
