import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { readUsername } from '../../src/auth/names/username.js';
import { readNewPassword } from '../../src/auth/accounts/password.js';
import { checkText } from '../../src/chat/messages/text-policy.js';
import { AllowedOrigins, faultOfOrigin } from '../../src/config/allowed-origins.js';
import { loadSettings } from '../../src/config/load.js';
import { decodeJson } from '../../src/gateway/wire/json-decoder.js';
import { CompiledDto } from '../../src/gateway/commands/dto/compiled-dto.js';
import { GroupChatDto } from '../../src/gateway/commands/messages/group-chat.js';
import { SingleChatDto } from '../../src/gateway/commands/messages/single-chat.js';
import { SyncDto } from '../../src/gateway/commands/sync/sync.js';
import { OriginPolicy } from '../../src/gateway/admission/origin-policy.js';
import { ListQuery, PageQuery } from '../../src/history/query.js';
import { ClientView } from '../../src/http/client-view.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { redactFields, redactText, redactUrl } from '../../src/operations/redaction.js';

const LENGTH = 64 * 1024;
const BOUND_MS = 10;
/** CPU time of the yardstick below on the machine on which the bound was set. */
const YARDSTICK_MS = 10;
/** The quickest of so many: what the machine does meanwhile is not the validator's. */
const TRIES = 25;

/** Each is as long as a frame may be, and bad for some way of looking for something. */
const TEXTS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...['a', ' ', '\t', '\n', '\0', '.', '/', '%', '=', '&', '"', '\\', '{"a":', '[', '<', '@'],
    ...[
      '\u0301',
      '\u200b',
      '\u2800',
      '\ufe0f',
      '\u3164',
      '\u202e',
      '\ud800',
      '\udc00',
      '\ufdfa',
      'אa',
      '·',
      'Ａ',
      '😀',
      'é',
      'ﬃ',
    ],
    ...[
      'a b ',
      'http://',
      'https://a.',
      'token=',
      'Bearer ',
      'eyJ.',
      'postgres://a:',
      '?a=',
      '%74',
    ],
  ].map((piece) => [JSON.stringify(piece), piece.repeat(LENGTH / piece.length)]),
);
const ENDS = ['', '!', '\0', '"', '\ud800'];

const settings = loadSettings({});
const { limits } = settings;
const groupChat = new CompiledDto(GroupChatDto);
const singleChat = new CompiledDto(SingleChatDto);
const sync = new CompiledDto(SyncDto);
const views = new ClientView(loadSettings({ TRUSTED_PROXIES: '10.0.0.0/8' }));
const allowed = new AllowedOrigins(['https://*.a.example']);
const origins = new OriginPolicy(views, new SystemClock(), loadSettings({}));
Logger.overrideLogger(false);
const pageQuery = new PageQuery();
const listQuery = new ListQuery();

/** All that looks at a text of a client's. */
const VALIDATORS: Readonly<Record<string, (text: string) => unknown>> = {
  'a name': (text) => readUsername(text, limits.usernameLength),
  'a password': (text) => readNewPassword(text, limits, 'password'),
  'what is said': (text) => checkText(text, limits.textLength),
  'what is said where more is allowed': (text) => checkText(text, LENGTH),
  'a frame': readFrame,
  'the fields of a message': (text) => groupChat.read({ data: text, room: text, ref: text }),
  'the fields of a private message': (text) => singleChat.read({ data: text, to: text }),
  'the positions of a Sync': (text) => sync.read({ data: { [text]: 1 } }),
  'an unknown field': (text) => groupChat.read({ data: 'x', [text]: 1 }),
  'an origin': (text) => {
    origins.check(requestWith({ host: text, origin: text }));
  },
  'an allowed origin': (text) => allowed.has(`https://${text}.a.example`),
  'an origin that is to be allowed': faultOfOrigin,
  'what a proxy says, in the usual headers': (text) =>
    views.of(
      requestWith({
        'x-forwarded-for': text,
        'x-forwarded-host': text,
        'x-forwarded-port': text,
        'x-forwarded-proto': text,
      }),
    ),
  'what a proxy says, in the standard header': (text) =>
    views.of(requestWith({ forwarded: `${text},for="${text}` })),
  'the limits of a page': (text) => pageQuery.transform({ limit: text }),
  'the place of a page': (text) => pageQuery.transform({ before: text }),
  'the cursor of a list': (text) => listQuery.transform({ after: text }),
  'an address for the log': redactUrl,
  'a text for the log': redactText,
  'the fields of a line of the log': (text) => redactFields({ event: text, nested: { text } }),
};

function requestWith(headers: Readonly<Record<string, string>>): IncomingMessage {
  return { headers, socket: { remoteAddress: '10.0.0.1' } } as unknown as IncomingMessage;
}

function readFrame(text: string): unknown {
  return decodeJson(text, limits.jsonDepth);
}

function asItIs(text: string): string {
  return text;
}

/** A message of as much of a text as a frame holds, and of its end. */
function inAFrame(text: string): string {
  const written = JSON.stringify(text).length;
  const fits = Math.floor((text.length * (LENGTH - 100)) / written);
  return JSON.stringify({ type: 2, data: text.slice(0, fits) + text.slice(-1) });
}

/** What a time would have been where the yardstick takes what it took when the bound was set. */
function onUsualMachine(milliseconds: number): number {
  if (milliseconds < BOUND_MS) return milliseconds;
  return milliseconds / Math.max(1, yardstickMs() / YARDSTICK_MS);
}

/** CPU time of plain arithmetic. */
function yardstickMs(): number {
  return cpuMs(() => {
    let sum = 0;
    for (let i = 0; i < 5_000_000; i++) sum = (sum + i * 7) | 0;
    return sum;
  });
}

/** CPU time of this process, which others on the machine do not lengthen as they do a clock. */
function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  try {
    work();
  } catch {
    // A refusal is as good an answer as any.
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

describe('64 KiB of text that was made to be slow', () => {
  it.each([
    ...Object.entries(VALIDATORS).map(([name, judge]) => [name, judge, asItIs] as const),
    ['a frame with the text in it', readFrame, inAFrame] as const,
  ])(
    'takes less than 10 ms, or as much on a slower machine, to judge as %s [S40]',
    (_, judge, prepare) => {
      const slow: string[] = [];
      for (const [name, text] of Object.entries(TEXTS)) {
        for (const end of ENDS) {
          const whole = prepare(text.slice(0, text.length - end.length) + end);
          let best = Infinity;
          for (let i = 0; i < TRIES && best >= BOUND_MS; i++) {
            best = Math.min(best, onUsualMachine(cpuMs(() => judge(whole))));
          }
          if (best >= BOUND_MS) slow.push(`${name} … ${JSON.stringify(end)}: ${best} ms`);
        }
      }
      expect(slow).toEqual([]);
    },
  );
});
