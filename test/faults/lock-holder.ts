import { openDatabase } from '../../src/engines/sqlite/drivers/choose-driver.js';

// Run as a program of its own: locks a database for writing until its standard input ends.
const database = openDatabase(process.argv[2] ?? '');
database.exec('begin exclusive');
process.stdout.write('locked\n');
process.stdin.on('end', () => process.exit()).resume();
