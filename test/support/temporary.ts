import { tmpdir } from 'node:os';

/** Names the folder of all temporary data of a run: one in memory, where there is room for it. */
export const GIVEN_FOLDER = 'TEST_FOLDER';

/**
 * Where the data of tests lies while they run. What a kill leaves of it is the same in memory and on a
 * disk; a disk takes five milliseconds for each of the thirty syncs of a new database.
 */
export const TEMPORARY = process.env[GIVEN_FOLDER] ?? tmpdir();
