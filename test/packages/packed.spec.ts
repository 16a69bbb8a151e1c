import { beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { enter } from '../support/people.js';
import { type Service, startService } from '../support/service.js';
import { ForeignProject } from './packed.js';

/** The first program of a README that imports one of the packages. */
function example(readme: string): string {
  const text = readFileSync(new URL(`../../${readme}`, import.meta.url), 'utf8');
  const programs = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, program = '']) => program);
  const found = programs.find((program) => program.includes("from '@parley/"));
  if (found === undefined) throw new Error(`${readme} has no example`);
  return found;
}

/** What the examples take for granted. */
const GIVEN = `
  declare const process: { readonly env: Readonly<Record<string, string | undefined>> };
  declare const token: string;
  declare function comeBackAfter(milliseconds: number): void;
`;

describe('The packages in a project of somebody else', () => {
  let project: ForeignProject;
  let service: Service;

  beforeAll(async () => {
    [project, service] = await Promise.all([ForeignProject.create(), startService()]);
  });

  it('bring nothing with them but each other', () => {
    expect(readdirSync(project.path()).filter((name) => !name.startsWith('.'))).toEqual([
      '@parley',
    ]);
    expect(readdirSync(project.path('@parley')).sort()).toEqual(['client', 'protocol']);
  });

  it.each(['client', 'protocol'])('hold what is built of %s, and nothing of its tests', (name) => {
    expect(readdirSync(project.path('@parley', name)).sort()).toEqual([
      'README.md',
      'dist',
      'package.json',
    ]);
    const files = readdirSync(project.path('@parley', name, 'dist'), {
      recursive: true,
      encoding: 'utf8',
    });
    expect(files).toEqual(expect.arrayContaining(['index.js', 'index.d.ts']));
    expect(
      files.filter((file) => !/^(frames|store)?\/?[a-z-]+(\.js|\.d\.ts)?$/.test(file)),
    ).toEqual([]);
  });

  it('run the example of the README: it says something, and hears it', async () => {
    const { socket } = await enter(service, 'ann');
    project.write('example.js', example('packages/client/README.md'));
    const said = await project.run('example.js', { PARLEY_URL: service.url });
    expect(said).toMatch(/^lobby guest-\S+: hello, everybody\n$/);
    await socket.next({ type: 2, data: 'hello, everybody' });
  });

  it('export their index alone', async () => {
    project.write('inside.js', `await import('@parley/client/dist/outbox.js');`);
    await expect(project.run('inside.js')).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it('are used by every README as their types say', async () => {
    const readmes = ['README.md', 'packages/client/README.md', 'packages/protocol/README.md'];
    const names = readmes.map((readme, index) => {
      const name = `readme-${String(index)}.ts`;
      project.write(name, GIVEN + example(readme));
      return name;
    });
    expect(await project.compile(...names)).toBe('');
  });

  it('have types that a strict compiler takes', async () => {
    project.write(
      'typed.ts',
      `import { ChatClient, keep, LOBBY, RestClient, RestError, TokenSession } from '@parley/client';
       import { CloseCode, FrameType, type MessageFrame, type RefusalCode } from '@parley/protocol';

       const rest = new RestClient('http://127.0.0.1:3000');
       const session = new TokenSession(rest, keep(await rest.login('ann', 'a password')));
       const client = new ChatClient({ rest, session, openSocket: (url) => new WebSocket(url) });
       client.events.on('message', ({ frame }: { frame: MessageFrame }) => {
         const where: string = frame.type === FrameType.GroupChat ? frame.room : frame.to;
         const seq: number = frame.seq;
         console.log(where, seq);
       });
       client.events.on('rejected', ({ code }: { code: RefusalCode }) => {
         if (code === 'rate-limited') console.log(client.send(LOBBY, 'again')?.state);
       });
       export const unauthorized: 4401 = CloseCode.Unauthorized;
       export const unreachable: string = new RestError(0, 'unreachable', null, 0).code;`,
    );
    expect(await project.compile('typed.ts')).toBe('');
  });

  it('have types that find a mistake', async () => {
    project.write(
      'mistaken.ts',
      `import type { ClientFrame, RefusalCode } from '@parley/protocol';
       export const frame: ClientFrame = { type: 2, text: 'hello' };
       export const code: RefusalCode = 'no-such-code';`,
    );
    const found = await project.compile('mistaken.ts');
    expect(found).toContain("'text' does not exist in type");
    expect(found).toContain(`Type '"no-such-code"' is not assignable`);
  });
});
