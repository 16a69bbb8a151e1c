/** What the page needs of the AsyncAPI document. */
export interface SocketDocument {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: { readonly messages: Readonly<Record<string, Message>> };
}

interface Operation {
  /** From the service's side: it receives what clients send. */
  readonly action: 'send' | 'receive';
  readonly messages: readonly { readonly $ref: string }[];
}

interface Message {
  readonly title: string;
  readonly summary: string;
  readonly examples: readonly { readonly payload: unknown }[];
}

export const PAGE_STYLE = `body { margin: 0; }
main { max-width: 1420px; margin: 2rem auto; padding: 0 20px; font: 15px/1.5 system-ui, sans-serif; color: #3b4151; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.75rem; background: #f3f4f6; }
details { border-top: 1px solid #d8dde7; padding: 0.5rem 0; }
summary { cursor: pointer; }
`;

export const PAGE_SCRIPT = `window.SwaggerUIBundle({
  url: 'docs/openapi.json',
  dom_id: '#http',
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
});
`;

/** The documents for people: Swagger UI for the calls, a page of our own for the frames. */
export function renderPage(socket: SocketDocument): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parley: the protocol</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/assets/swagger-ui.css">
<link rel="stylesheet" href="docs/assets/page.css">
<script src="docs/assets/swagger-ui-bundle.js" defer></script>
<script src="docs/assets/page.js" defer></script>
</head>
<body>
<main>
<h1>Parley: the protocol</h1>
<p>For programs: <a href="docs/openapi.json">openapi.json</a>, <a href="docs/asyncapi.json">asyncapi.json</a>.</p>
<h2>Frames that clients send to <code>/chat</code></h2>
${renderMessages(socket, 'receive')}
<h2>Frames that the service sends</h2>
${renderMessages(socket, 'send')}
</main>
<div id="http"></div>
</body>
</html>
`;
}

function renderMessages(socket: SocketDocument, action: Operation['action']): string {
  const operations = Object.values(socket.operations).filter((one) => one.action === action);
  const names = operations.flatMap((one) => one.messages.map(({ $ref }) => lastOf($ref)));
  return names.map((name) => renderMessage(socket.components.messages[name])).join('\n');
}

function renderMessage(message: Message | undefined): string {
  if (message === undefined) return '';
  const examples = message.examples.map(({ payload }) => {
    return `<pre>${escapeHtml(JSON.stringify(payload, null, 2))}</pre>`;
  });
  const title = `<strong>${escapeHtml(message.title)}</strong> ${escapeHtml(message.summary)}`;
  return `<details><summary>${title}</summary>${examples.join('')}</details>`;
}

function lastOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
