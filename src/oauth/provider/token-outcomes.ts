import { Injectable } from '@nestjs/common';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { defineMetrics, type Metric, type MetricValue, metricsOf } from '../../kernel/metric.js';

const GRANTS: Readonly<Record<string, string>> = {
  authorization_code: 'authorization_code',
  refresh_token: 'refresh_token',
  client_credentials: 'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code': 'device_code',
};
const ERRORS: ReadonlySet<string> = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
  'invalid_dpop_proof',
  'use_dpop_nonce',
  'authorization_pending',
  'slow_down',
  'access_denied',
  'expired_token',
  'temporarily_unavailable',
]);

/** Counts token requests. */
@Injectable()
export class TokenOutcomes {
  private readonly counts = new Map<string, { readonly labels: Record<string, string>; value: number }>();

  follow(provider: Provider): void {
    provider.on('grant.success', (ctx) => this.count(ctx, 'issued'));
    provider.on('grant.error', (ctx, { message }) => this.count(ctx, ERRORS.has(message) ? message : 'other'));
    provider.on('server_error', (ctx) => {
      if (ctx.oidc?.route === 'token') this.count(ctx, 'server_error');
    });
  }

  metricValues(): MetricValue<number>[] {
    return [...this.counts.values()].map(({ labels, value }) => ({ labels, value }));
  }

  /** Of a request that the library did not see. */
  hasIssued(grantType: string): void {
    this.add(GRANTS[grantType] ?? 'other', 'issued');
  }

  private count(ctx: KoaContextWithOIDC, outcome: string): void {
    this.add(GRANTS[String(ctx.oidc.params?.grant_type)] ?? 'other', outcome);
  }

  private add(grant: string, outcome: string): void {
    const key = `${grant} ${outcome}`;
    const counted = this.counts.get(key) ?? { labels: { grant, outcome }, value: 0 };
    counted.value += 1;
    this.counts.set(key, counted);
  }
}

export const tokenMetricDescriptions = defineMetrics({
  coatcheck_oauth_token_requests_total: {
    kind: 'counter',
    help: 'Token requests by grant type and outcome: `issued`, or the OAuth error code.',
    labels: ['grant', 'outcome'],
  },
});

export function tokenMetrics(outcomes: TokenOutcomes): Metric[] {
  return metricsOf(tokenMetricDescriptions, {
    coatcheck_oauth_token_requests_total: () => outcomes.metricValues(),
  });
}
