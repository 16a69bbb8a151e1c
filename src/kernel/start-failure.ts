/**
 * The service cannot start, for a reason that somebody at a terminal can fix. The message is one
 * sentence: what is wrong, with which file or setting, and the next step.
 */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

/** The code of a system error, such as `EACCES`; null for any other error. */
export function systemCodeOf(error: unknown): string | null {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
}

/** The settings that say where to listen. */
export interface ListenSettings {
  /** The keys, as users write them: `PORT` and `HOST`. */
  readonly portKey: string;
  readonly hostKey: string;
  readonly port: number;
  readonly host: string;
}

/** Explains why a server cannot listen. @returns the error itself where unknown */
export function listenFailure(error: unknown, where: ListenSettings): unknown {
  const { portKey, hostKey, port, host } = where;
  const cause = { cause: error };
  switch (systemCodeOf(error)) {
    case 'EADDRINUSE':
      return new StartFailure(
        `port ${String(port)} is in use: stop the program that uses it, or set ${portKey} to another port`,
        cause,
      );
    case 'EACCES':
      return new StartFailure(
        `this user may not listen on port ${String(port)}: set ${portKey} to one above 1023`,
        cause,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartFailure(
        `this machine has no address ${host}: set ${hostKey} to one that it has, or to 0.0.0.0 for all`,
        cause,
      );
    default:
      return error;
  }
}

/** Explains why a folder cannot be created or written. @returns the error itself where unknown */
export function folderFailure(error: unknown, folder: string, key: string): unknown {
  const what = FOLDER_FAULTS[systemCodeOf(error) ?? ''];
  if (what === undefined) return error;
  return new StartFailure(`the folder ${folder} (${key}) ${what}`, { cause: error });
}

const FOLDER_FAULTS: Readonly<Record<string, string>> = {
  EACCES: 'cannot be written by this user: give it to them, or set another folder',
  EPERM: 'cannot be written by this user: give it to them, or set another folder',
  EROFS: 'is on a file system that is read-only: set another folder',
  EEXIST: 'is a file: set a folder',
  ENOTDIR: 'leads through a file: set another folder',
  EISDIR: 'has a folder where a file belongs: move it away, or set another folder',
  ENOENT: 'cannot be made there: set another folder',
  ELOOP: 'is a link to itself: set another folder',
  ENOSPC: 'is on a disk that is full: free some of it, or set another folder',
  EDQUOT: "is beyond this user's quota: free some of it, or set another folder",
};
