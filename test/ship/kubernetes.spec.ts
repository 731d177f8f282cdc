import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import ts from 'typescript';
import { environmentName } from '../../src/config/option-section.js';
import { Options } from '../../src/config/options.js';
import { serviceSections } from '../../src/service/service-sections.js';
import { type KubernetesObject, kubernetesObjects, ROOT } from './files.js';

/** By SIGTERM a node ends within this. */
const DRAIN_SECONDS = 10;
const objects = kubernetesObjects();
const of = (kind: string) => objects.find((one) => one.kind === kind)!;
const pod = of('Deployment').spec.template.spec;
const [container] = pod.containers;

/** Asks the API's schemas; in a process of its own, as the package is for `import` alone. */
const VALIDATE = `
  const objects = JSON.parse(process.argv[1]);
  const problems = [];
  for (const object of objects) {
    const models = await import('kubernetes-models/' + object.apiVersion);
    try { new models[object.kind](object).validate(); } catch (error) { problems.push(object.kind + ': ' + error.message); }
  }
  console.log(JSON.stringify(problems));`;

function problemsOf(given: readonly object[]): string[] {
  const args = ['--input-type=module', '-e', VALIDATE, JSON.stringify(given)];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' }));
}

/** Names that the API does not know, which its schemas let pass: a compiler does not. */
function unknownNamesIn(given: readonly KubernetesObject[]): string[] {
  const file = join(ROOT, 'test/ship/of-the-manifest.ts');
  const lines = given.map(
    (one, i) =>
      `import type { I${one.kind} as T${i} } from 'kubernetes-models/${one.apiVersion}';\nexport const it${i}: T${i} = ${JSON.stringify(one)};`,
  );
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === file || fileExists(path);
  host.getSourceFile = (path, version, ...rest) =>
    path === file ? ts.createSourceFile(path, lines.join('\n'), version) : getSourceFile(path, version, ...rest);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

describe('the Kubernetes manifests', () => {
  it('are valid by the schemas of the API, with no name that it does not know', () => {
    expect(objects.map(({ kind }) => kind)).toEqual([
      'Job',
      'ConfigMap',
      'Deployment',
      'Service',
      'PodDisruptionBudget',
    ]);
    const budget = of('PodDisruptionBudget');
    const misspelt = { ...budget, spec: { ...budget.spec, maxUnavailabel: 1 } };
    const wrong = { ...budget, metadata: { name: 7 } };
    // The last of each is there to be found.
    expect(problemsOf([...objects, wrong])).toEqual([expect.stringContaining('PodDisruptionBudget')]);
    expect(unknownNamesIn([...objects, misspelt])).toEqual([expect.stringContaining('maxUnavailabel')]);
  });

  it('replace node by node, none before another is ready', () => {
    const { strategy, replicas } = of('Deployment').spec;
    expect(strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
    expect(replicas).toBeGreaterThanOrEqual(2);
    expect(of('PodDisruptionBudget').spec.maxUnavailable).toBe(1);
  });

  it('leave a node the time to be forgotten by the balancer and to drain', () => {
    const { seconds } = container.lifecycle.preStop.sleep;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(seconds + DRAIN_SECONDS);
    expect(container.readinessProbe.httpGet.path).toBe('/health/ready');
    // A node that a store is out of reach of is not to be restarted.
    expect(container.livenessProbe.httpGet.path).toBe('/health/live');
    expect(container.startupProbe.periodSeconds * container.startupProbe.failureThreshold).toBeGreaterThan(30);
  });

  it('run as nobody, write nothing and may do nothing', () => {
    for (const template of [of('Job').spec.template.spec, pod]) {
      expect(template).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
      expect(template.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65532 });
      expect(template.securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' });
      expect(template.volumes).toBeUndefined();
      for (const { securityContext } of template.containers)
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
    }
  });

  it('take every secret from a Secret, and settings that the service starts with', () => {
    expect(objects.map(({ kind }) => kind)).not.toContain('Secret');
    const secrets = container.env.map(({ name, value, valueFrom }: Variable) => [
      name,
      value,
      valueFrom?.secretKeyRef.name,
    ]);
    expect(secrets).toEqual(['SECRET_KEY', 'DATABASE_URL', 'MAIL_URL'].map((name) => [name, undefined, 'coatcheck']));
    const known = new Set(serviceSections.flatMap(({ specs }) => Object.keys(specs).map(environmentName)));
    const settings = of('ConfigMap').data as Record<string, string>;
    expect(Object.keys(settings).filter((name) => !known.has(name))).toEqual([]);
    const given = {
      NODE_ENV: 'production',
      HOST: '0.0.0.0',
      ...settings,
      SECRET_KEY: 'Zm9yIHRlc3RzIG9ubHksIHRoaXJ0eS10d28gYnl0ZXM',
      DATABASE_URL: 'postgres://coatcheck:a@db:5432/coatcheck',
      MAIL_URL: 'smtp://smtp.example.com:587',
    };
    expect(Options.resolve(serviceSections, Options.readEnvironment(serviceSections, given))).toBeDefined();
    // The Job migrates, and the nodes wait for it.
    expect(settings.MIGRATE_ON_START).toBe('false');
    expect(of('Job').spec.template.spec.containers[0].args).toEqual(['dist/src/migrate.js']);
  });

  it('select the nodes, and not the Job', () => {
    const labels = of('Deployment').spec.template.metadata.labels;
    const selectors = [of('Deployment').spec.selector.matchLabels, of('Service').spec.selector];
    selectors.push(of('PodDisruptionBudget').spec.selector.matchLabels);
    for (const selector of selectors) expect(selector).toEqual(labels);
    expect(of('Job').spec.template.metadata.labels).not.toEqual(labels);
    expect(container.ports.map(({ name }: { name: string }) => name)).toContain(of('Service').spec.ports[0].targetPort);
    const images = [container.image, of('Job').spec.template.spec.containers[0].image];
    expect(new Set(images).size).toBe(1);
    expect(of('Job').metadata.name).toBe(`coatcheck-migrate-${images[0].split(':')[1]}`);
  });
});

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string } };
}
