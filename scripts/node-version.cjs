'use strict';
// Preloaded (`node -r`) before everything else, and written in the oldest syntax: a Node that is
// too old must print this one line, not a stack for a syntax or module that it lacks.
var version = process.versions.node.split('.');
var major = Number(version[0]);
var minor = Number(version[1]);

if (major < 20 || (major === 20 && minor < 19) || (major === 22 && minor < 14)) {
  console.error(
    'Parley needs Node.js 20.19, 22.14, 24 or newer. This is ' + version.join('.') + '.',
  );
  process.exit(1);
}
