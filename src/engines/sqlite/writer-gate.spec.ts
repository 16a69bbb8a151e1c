import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../../kernel/refusal.js';
import { WriterGate } from './writer-gate.js';

/** Records what was admitted, in order. */
function recorder(gate: WriterGate) {
  const order: string[] = [];
  return {
    order,
    pass: (name: string) =>
      gate.pass(() => {
        order.push(name);
        return Promise.resolve(name);
      }),
    enter: (name: string) => gate.enter().then(() => order.push(name)),
  };
}

describe('The gate of the writer', () => {
  it('lets single requests through at once while nobody is inside', () => {
    const { order, pass } = recorder(new WriterGate());
    void pass('one');
    void pass('two');
    expect(order).toEqual(['one', 'two']);
  });

  it('holds single requests back while a transaction is open, and lets them go in order', async () => {
    const gate = new WriterGate();
    const { order, pass } = recorder(gate);
    await gate.enter();
    const passed = [pass('one'), pass('two')];
    expect(order).toEqual([]);
    gate.leave();
    expect(await Promise.all(passed)).toEqual(['one', 'two']);
    expect(order).toEqual(['one', 'two']);
  });

  it('lets all that waits go before the next transaction', async () => {
    const gate = new WriterGate();
    const { order, pass, enter } = recorder(gate);
    await gate.enter();
    const next = enter('next transaction');
    const passed = pass('single');
    gate.leave();
    await Promise.all([next, passed]);
    expect(order).toEqual(['single', 'next transaction']);
  });

  it('lets one transaction in at a time, in the order in which they came', async () => {
    const gate = new WriterGate();
    const { order, enter } = recorder(gate);
    const entered = ['one', 'two', 'three'].map((name) => enter(name));
    for (const [index, one] of entered.entries()) {
      await one;
      expect(order).toHaveLength(index + 1);
      gate.leave();
    }
    expect(order).toEqual(['one', 'two', 'three']);
  });

  it('hands the failure of a request that waited to whoever asked for it', async () => {
    const gate = new WriterGate();
    await gate.enter();
    const failing = gate.pass(() => Promise.reject(new Error('failed')));
    const fine = gate.pass(() => Promise.resolve('fine'));
    gate.leave();
    await expect(failing).rejects.toThrow('failed');
    expect(await fine).toBe('fine');
  });

  it('refuses more than ten thousand who wait', async () => {
    const gate = new WriterGate();
    await gate.enter();
    const waiting = Array.from({ length: 10_000 }, () => gate.pass(() => Promise.resolve()));
    await expect(gate.pass(() => Promise.resolve())).rejects.toEqual(new Refusal('busy'));
    await expect(gate.enter()).rejects.toThrow('busy');
    gate.leave();
    await Promise.all(waiting);
    await expect(gate.enter()).resolves.toBeUndefined();
  });
});
