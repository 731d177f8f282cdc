import { type INestApplication, VersioningType } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { TestClient } from './test-client.js';
import { TestStepFailed } from './test-step.js';

/** A route that every application with Coatcheck has, and that is closed. */
const KNOWN_ROUTE = '/auth/me';

/** Where an application has put Coatcheck's routes: behind a global prefix, a version, or both. */
export class MountedRoutes {
  private base: Promise<string> | undefined;

  constructor(
    private readonly app: INestApplication,
    private readonly url: string,
  ) {}

  /** The path at which a route of Coatcheck, e.g. `/auth/login`, is reached. @throws TestStepFailed */
  async path(route: string): Promise<string> {
    this.base ??= this.find();
    return (await this.base) + route;
  }

  private async find(): Promise<string> {
    const client = new TestClient(this.url);
    const tried: string[] = [];
    for (const base of this.candidates()) {
      const { status, text } = await client.get(base + KNOWN_ROUTE);
      if (status === 401) return base;
      tried.push(`${base}${KNOWN_ROUTE} answered ${status} ${text.slice(0, 200)}`);
    }
    const remedy =
      'import AuthModule in the module under test, and log in by your own requests where its routes are moved';
    throw new TestStepFailed('finding the routes of Coatcheck', tried.join('; '), remedy);
  }

  private candidates(): string[] {
    const config = this.app.get(ApplicationConfig, { strict: false });
    const prefix = config
      .getGlobalPrefix()
      .replace(/^\/?(?=.)/, '/')
      .replace(/\/$/, '');
    const versioning = config.getVersioning();
    const versions = versioning?.type === VersioningType.URI ? [versioning.defaultVersion ?? []].flat() : [];
    const uriPrefix = versioning?.type === VersioningType.URI ? (versioning.prefix ?? 'v') : '';
    const versioned = versions.map((version) => `/${uriPrefix || ''}${String(version)}`);
    return [prefix, ...versioned.map((version) => prefix + version), ...(prefix ? ['', ...versioned] : [])];
  }
}
