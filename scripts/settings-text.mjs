/** @typedef {Readonly<Record<string, { readonly fallback: string, readonly meaning: string, readonly values: string }>>} Keys */

/**
 * Where a group of settings begins, in the order of the table.
 * @type {Readonly<Record<string, string>>}
 */
const GROUPS = {
  PORT: 'The service',
  DATA_DIR: 'Where things are kept',
  JWT_SECRET: 'Sessions',
  ALLOWED_ORIGINS: 'Who may connect, and from where',
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
  for (const [name, { fallback, meaning, values }] of Object.entries(keys)) {
    if (GROUPS[name] !== undefined) lines.push('', `## ${GROUPS[name]}`);
    const text = values === '' ? meaning : `${meaning} (${values})`;
    lines.push('', `# ${text}`, `${name}=${fallback}`);
  }
  return `${lines.join('\n')}\n`;
}

/**
 * @param {Keys} keys
 * @returns {string} a table in Markdown, aligned as the formatter wants it
 */
export function settingsTable(keys) {
  const rows = Object.entries(keys).map(([name, { fallback, values, meaning }]) => [
    `\`${name}\``,
    fallback === '' ? '' : `\`${fallback}\``,
    values,
    meaning,
  ]);
  const table = [['Key', 'Default', 'Values', 'Meaning'], ...rows];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
  const [head, ...lines] = table.map(
    (row) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [head, rule, ...lines].join('\n');
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
