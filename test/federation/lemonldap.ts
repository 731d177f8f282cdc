import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedAtTheEnd } from '../left-open.js';
import { PageVisitor } from '../pages/page-visitor.js';
import { reservePort } from '../ports.mjs';

const PLACKUP = '/usr/bin/plackup';
const PORTAL = '/usr/share/lemonldap-ng/portal/htdocs/index.psgi';
const DEFAULTS = '/var/lib/lemonldap-ng/conf/lmConf-1.json';
const PACKAGES = 'liblemonldap-ng-portal-perl libplack-perl libstring-random-perl libio-string-perl';

/** The portal loads one whatever it is for, and the usual one draws pictures. */
const NO_CAPTCHA = `package NoCaptcha;
use Mouse;
extends 'Lemonldap::NG::Common::Module';
sub init { 1 }
1;
`;

export const LEMONLDAP_CLIENT = { clientId: 'coatcheck', clientSecret: 'a-secret-of-the-test' } as const;

/** Whether it is there. Its tests are left out without it, loudly; but not in continuous integration. */
export function hasLemonldap(): boolean {
  if (process.env.CI === 'true' || (existsSync(PLACKUP) && existsSync(PORTAL))) return true;
  process.stderr.write(
    `\n!! LemonLDAP::NG is not installed: its tests are LEFT OUT. Install the packages ${PACKAGES}.\n\n`,
  );
  return false;
}

/**
 * LemonLDAP::NG's portal as an OpenID provider: without a system service, with everything in a folder of its own, and with the users of its
 * demonstration, whose passwords are their names.
 */
export class Lemonldap {
  private constructor(
    readonly issuer: string,
    readonly close: () => Promise<void>,
  ) {}

  static async start(redirectUri: string): Promise<Lemonldap> {
    const folder = mkdtempSync(join(tmpdir(), 'coatcheck-lemonldap-'));
    const port = await reservePort();
    const issuer = `http://127.0.0.1:${port}`;
    for (const one of ['conf', 'lib', 'cache', 'sessions/lock', 'psessions/lock'])
      mkdirSync(join(folder, one), { recursive: true });
    writeFileSync(join(folder, 'lib/NoCaptcha.pm'), NO_CAPTCHA);
    writeFileSync(join(folder, 'llng.ini'), iniOf(folder));
    writeFileSync(join(folder, 'conf/lmConf-1.json'), JSON.stringify(configuration(folder, issuer, redirectUri)));
    const env = { ...process.env, PERL5LIB: join(folder, 'lib'), LLNG_DEFAULTCONFFILE: join(folder, 'llng.ini') };
    const args = ['-s', 'HTTP::Server::PSGI', '--host', '127.0.0.1', '-p', String(port), '-E', 'production', PORTAL];
    const portal = spawn(PLACKUP, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [portal.stdout, portal.stderr])
      stream.on('data', (chunk) => {
        said += chunk;
      });
    const close = async () => {
      await end(portal);
      rmSync(folder, { recursive: true, force: true });
    };
    const found = await discovered(portal, issuer);
    if (found === 200) return closedAtTheEnd(new Lemonldap(issuer, close));
    await close();
    throw new Error(`LemonLDAP::NG does not start (${found}): ${said}`);
  }

  /** Signs one of its users in by its own form. @returns where the browser is sent, and the browser */
  async signIn(authorizationUrl: URL, user: string): Promise<{ callback: URL; browser: PageVisitor }> {
    const browser = new PageVisitor(this.issuer, {});
    const path = authorizationUrl.pathname + authorizationUrl.search;
    const { html } = await browser.send('GET', path);
    const hidden = [...html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [
      /name="([^"]*)"/.exec(tag)?.[1] ?? '',
      /value="([^"]*)"/.exec(tag)?.[1] ?? '',
    ]);
    const fields = { ...Object.fromEntries(hidden), user, password: user };
    let reply = await browser.send('POST', path, fields);
    for (let hops = 0; hops < 5 && reply.location?.startsWith(this.issuer); hops++)
      reply = await browser.send('GET', reply.location);
    if (reply.location === null) throw new Error(`the portal sends no browser back: ${reply.status} ${reply.html}`);
    return { callback: new URL(reply.location, this.issuer), browser };
  }
}

async function discovered(portal: ChildProcess, issuer: string): Promise<number | null> {
  while (portal.exitCode === null) {
    const reply = await fetch(`${issuer}/.well-known/openid-configuration`).catch(() => null);
    if (reply) return reply.status;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}

async function end(portal: ChildProcess): Promise<void> {
  if (portal.exitCode !== null) return;
  const ended = new Promise((resolve) => portal.once('exit', resolve));
  portal.kill('SIGTERM');
  await ended;
}

function iniOf(folder: string): string {
  const cache = `{ 'namespace' => 'c', 'default_expires_in' => 600, 'directory_umask' => '007', 'cache_root' => '${folder}/cache', 'cache_depth' => 3 }`;
  return `[all]
logLevel = warn
logger = Lemonldap::NG::Common::Logger::Std
checkTime = 1
[configuration]
type = File
dirName = ${folder}/conf
localStorage = Cache::FileCache
localStorageOptions = ${cache}
[portal]
staticPrefix = /static
templateDir = /usr/share/lemonldap-ng/portal/templates
languages = en
[handler]
status = 0
`;
}

/** The one that the package brings, with an OpenID provider switched on. */
function configuration(folder: string, issuer: string, redirectUri: string): object {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const files = (name: string) => ({ Directory: `${folder}/${name}`, LockDirectory: `${folder}/${name}/lock` });
  const generateModule = 'Lemonldap::NG::Common::Apache::Session::Generate::SHA256';
  const client = {
    oidcRPMetaDataOptionsClientID: LEMONLDAP_CLIENT.clientId,
    oidcRPMetaDataOptionsClientSecret: LEMONLDAP_CLIENT.clientSecret,
    oidcRPMetaDataOptionsRedirectUris: redirectUri,
    oidcRPMetaDataOptionsIDTokenSignAlg: 'RS256',
    oidcRPMetaDataOptionsBypassConsent: 1,
    oidcRPMetaDataOptionsRequirePKCE: 1,
    oidcRPMetaDataOptionsRefreshToken: 1,
    oidcRPMetaDataOptionsIDTokenForceClaims: 1,
  };
  return {
    ...JSON.parse(readFileSync(DEFAULTS, 'utf8')),
    ...{ portal: `${issuer}/`, domain: '127.0.0.1', securedCookie: 0, notification: 0, captcha: 'NoCaptcha' },
    ...{ passwordDB: 'Null', registerDB: 'Null', portalDisplayRegister: 0, portalDisplayResetPassword: 0 },
    globalStorageOptions: { ...files('sessions'), generateModule },
    ...{ persistentStorage: 'Apache::Session::File', persistentStorageOptions: files('psessions') },
    localSessionStorageOptions: {
      cache_depth: 3,
      cache_root: `${folder}/cache`,
      namespace: 's',
      directory_umask: '007',
    },
    ...{ locationRules: { '127.0.0.1': { default: 'accept' } }, exportedHeaders: {} },
    macros: { emailOk: '1', _whatToTrace: '$_user' },
    ...{ issuerDBOpenIDConnectActivation: 1, oidcServiceMetaDataIssuer: issuer, oidcServiceKeyIdSig: 'of-the-test' },
    oidcServicePrivateKeySig: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    oidcServicePublicKeySig: publicKey.export({ type: 'spki', format: 'pem' }),
    oidcServiceAllowAuthorizationCodeFlow: 1,
    oidcRPMetaDataOptions: { coatcheck: client },
    oidcRPMetaDataExportedVars: {
      coatcheck: { email: 'mail', email_verified: 'emailOk;bool;auto', name: 'cn', preferred_username: 'uid' },
    },
  };
}
