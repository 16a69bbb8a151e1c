/** @typedef {Readonly<Record<string, { readonly fallback: string, readonly meaning: string }>>} Keys */

/**
 * Where a group of settings begins, in the order of the table.
 * @type {Readonly<Record<string, string>>}
 */
const GROUPS = {
  PORT: 'The service',
  DATA_DIR: 'Where things are kept',
  JWT_SECRET: 'Sessions',
  ALLOWED_ORIGINS: 'Who may come, and from where',
  HEARTBEAT_INTERVAL: 'Connections and presence',
  MANAGEMENT_PORT: 'Operation',
  COMMAND_RATE: 'Limits for one person or address',
  MAX_CONNECTIONS: 'Limits that protect the service',
};

const BEGIN = '<!-- settings:begin -->';
const END = '<!-- settings:end -->';

/**
 * @param {Keys} keys
 * @returns {string} the whole of .env.example
 */
export function envExample(keys) {
  const lines = [
    '# Copy this file to .env and change what you need. Every line holds the default; a line that',
    '# is removed or left empty means the same. Variables of the environment win over this file.',
  ];
  for (const [name, { fallback, meaning }] of Object.entries(keys)) {
    if (GROUPS[name] !== undefined) lines.push('', `## ${GROUPS[name]}`);
    lines.push('', `# ${meaning}`, `${name}=${fallback}`);
  }
  return `${lines.join('\n')}\n`;
}

/**
 * @param {Keys} keys
 * @returns {string} a table in Markdown, aligned as the formatter wants it
 */
export function settingsTable(keys) {
  const table = [
    { name: 'Key', fallback: 'Default', meaning: 'Meaning' },
    ...Object.entries(keys).map(([name, { fallback, meaning }]) => ({
      name: `\`${name}\``,
      fallback: fallback === '' ? '' : `\`${fallback}\``,
      meaning,
    })),
  ];
  /** @param {'name' | 'fallback' | 'meaning'} column */
  const width = (column) => Math.max(...table.map((row) => row[column].length));
  const [first, second, third] = [width('name'), width('fallback'), width('meaning')];
  const [head, ...rows] = table.map(
    ({ name, fallback, meaning }) =>
      `| ${name.padEnd(first)} | ${fallback.padEnd(second)} | ${meaning.padEnd(third)} |`,
  );
  const rule = `| ${[first, second, third].map((length) => '-'.repeat(length)).join(' | ')} |`;
  return [head, rule, ...rows].join('\n');
}

/**
 * @param {string} document Markdown with the two markers of the table
 * @param {Keys} keys
 * @returns {string} the document with the table of `keys` between them
 */
export function withSettingsTable(document, keys) {
  const from = document.indexOf(BEGIN);
  const to = document.indexOf(END, from);
  if (from < 0 || to < 0) throw new Error(`there is no place for the table: ${BEGIN} … ${END}`);
  return `${document.slice(0, from)}${BEGIN}\n\n${settingsTable(keys)}\n\n${document.slice(to)}`;
}
