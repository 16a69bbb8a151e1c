import { describe, expect, it } from '@jest/globals';
import { ExportSlots } from './export-slots.js';

describe('ExportSlots', () => {
  it('gives one person two at a time', () => {
    const slots = new ExportSlots();
    const release = slots.take('ann');
    slots.take('ann');
    expect(() => slots.take('ann')).toThrow('rate-limited');
    expect(() => slots.take('bob')).not.toThrow();
    release();
    expect(() => slots.take('ann')).not.toThrow();
  });

  it('gives sixteen at a time in all', () => {
    const slots = new ExportSlots();
    const releases = Array.from({ length: 16 }, (_, i) => slots.take(`person ${String(i)}`));
    expect(() => slots.take('ann')).toThrow('busy');
    releases[0]?.();
    expect(() => slots.take('ann')).not.toThrow();
  });

  it('takes a slot back once, however often it is given back', () => {
    const slots = new ExportSlots();
    const release = slots.take('ann');
    slots.take('ann');
    release();
    release();
    slots.take('ann');
    expect(() => slots.take('ann')).toThrow('rate-limited');
  });

  it('keeps nothing of people who have none running', () => {
    const slots = new ExportSlots();
    for (let i = 0; i < 1_000; i++) slots.take(`person ${String(i)}`)();
    expect(slots.people).toBe(0);
  });
});
