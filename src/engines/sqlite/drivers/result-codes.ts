/** SQLite's result codes by number, from 1 on. */
const PRIMARY = [
  ...['ERROR', 'INTERNAL', 'PERM', 'ABORT', 'BUSY', 'LOCKED', 'NOMEM', 'READONLY', 'INTERRUPT'],
  ...['IOERR', 'CORRUPT', 'NOTFOUND', 'FULL', 'CANTOPEN', 'PROTOCOL', 'EMPTY', 'SCHEMA', 'TOOBIG'],
  ...['CONSTRAINT', 'MISMATCH', 'MISUSE', 'NOLFS', 'AUTH', 'FORMAT', 'RANGE', 'NOTADB'],
] as const;

/** The extended codes that an operator or the code looks for. */
const EXTENDED: Readonly<Record<number, string>> = {
  261: 'BUSY_RECOVERY',
  517: 'BUSY_SNAPSHOT',
  773: 'BUSY_TIMEOUT',
  266: 'IOERR_READ',
  522: 'IOERR_SHORT_READ',
  778: 'IOERR_WRITE',
  1034: 'IOERR_FSYNC',
  1290: 'IOERR_DIR_FSYNC',
  1546: 'IOERR_TRUNCATE',
  1802: 'IOERR_FSTAT',
  3850: 'IOERR_LOCK',
  4618: 'IOERR_SHMOPEN',
  4874: 'IOERR_SHMSIZE',
  5386: 'IOERR_SHMMAP',
  275: 'CONSTRAINT_CHECK',
  787: 'CONSTRAINT_FOREIGNKEY',
  1299: 'CONSTRAINT_NOTNULL',
  1555: 'CONSTRAINT_PRIMARYKEY',
  2067: 'CONSTRAINT_UNIQUE',
};

/** @param code SQLite's extended result code @returns its name, such as `SQLITE_BUSY` */
export function codeName(code: number): string {
  const extended = EXTENDED[code];
  if (extended !== undefined) return `SQLITE_${extended}`;
  const primary = PRIMARY[(code & 0xff) - 1] ?? 'UNKNOWN';
  const rest = code >> 8;
  return rest === 0 ? `SQLITE_${primary}` : `SQLITE_${primary}_${rest}`;
}
