import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandFailure } from './command-failure.js';
import { chosenApp } from './host-module.js';

describe('the application that commands run on', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'coatcheck-cli-')));
  const below = join(folder, 'dist');
  mkdirSync(below);
  afterAll(() => rmSync(folder, { recursive: true }));
  const manifest = (content: object) => writeFileSync(join(folder, 'package.json'), JSON.stringify(content));

  it('is the one that the folder itself names, or that is asked for', () => {
    manifest({ coatcheck: { app: 'dist/app.module.js#AppModule' } });
    const named = { file: join(folder, 'dist/app.module.js'), exportName: 'AppModule' };
    expect(chosenApp(undefined, folder)).toEqual(named);
    expect(chosenApp('../dist/app.module.js#AppModule', below)).toEqual(named);
    expect(chosenApp('service', folder)).toBeNull();
  });

  it('is never one that only a folder above names: nothing of it is loaded, and both paths are told', () => {
    manifest({ coatcheck: { app: 'evil.mjs' } });
    const choosing = () => chosenApp(undefined, below);
    expect(choosing).toThrow(CommandFailure);
    expect(choosing).toThrow(`${folder}/package.json`);
    try {
      choosing();
    } catch (error) {
      expect((error as CommandFailure).remedy).toContain(`--app ${folder}/evil.mjs`);
    }
  });

  it('is the service where a folder above says so, and is to be named in a folder of one that embeds Coatcheck', () => {
    manifest({ coatcheck: { app: 'service' }, dependencies: { coatcheck: '1' } });
    expect(chosenApp(undefined, below)).toBeNull();
    manifest({ dependencies: { coatcheck: '1' } });
    expect(() => chosenApp(undefined, below)).toThrow(CommandFailure);
    manifest({});
    expect(chosenApp(undefined, below)).toBeNull();
  });
});
