import { Refusal } from '../../kernel/refusal.js';
import type { Command } from './command.js';
import { readWithRef } from './unreadable-frame.js';

const POISONOUS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Decodes a client's frame.
 * @param depth levels of nesting that are accepted
 * @throws Refusal `bad-json`; UnreadableFrame `too-deep`, `unknown-field` or `unknown-type`
 */
export function decodeJson(text: string, depth: number): Command {
  const frame = parseObject(text);
  return readWithRef(frame, () => {
    const body = readFields(frame, depth);
    const type = frame['type'];
    if (typeof type !== 'number') throw new Refusal('unknown-type', { field: 'type' });
    return { type, body };
  });
}

/**
 * The fields of a parsed frame, without `type` and without nulls.
 * @throws Refusal `too-deep` or `unknown-field`
 */
export function readFields(
  frame: Readonly<Record<string, unknown>>,
  depth: number,
): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const key of Object.keys(frame)) {
    const value = frame[key];
    if (value === null || key === 'type') continue;
    if (POISONOUS.has(key)) throw new Refusal('unknown-field');
    if (typeof value === 'object') checkNested(value, depth - 1);
    body[key] = value;
  }
  return body;
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal('bad-json');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('bad-json');
  }
  return value as Record<string, unknown>;
}

function checkNested(value: object, depth: number): void {
  if (depth <= 0) throw new Refusal('too-deep');
  for (const [key, inner] of Object.entries(value)) {
    if (POISONOUS.has(key)) throw new Refusal('unknown-field');
    if (typeof inner === 'object' && inner !== null) checkNested(inner as object, depth - 1);
  }
}
