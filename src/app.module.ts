import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AuthModule } from './auth.module.js';
import type { OptionValues } from './config/options.js';
import { withPagesOfService } from './pages/pages-options.js';
import { developmentFeature } from './service/development.feature.js';
import { serviceFeature } from './service/service.feature.js';
import { ServiceExceptionFilter } from './service/service-exception.filter.js';

/** The service: AuthModule, health, and outside production the outbox and the example routes. */
@Module({})
export class AppModule {
  /** @param providers replace parts, as in `AuthModule.forRoot` */
  static forRoot(values: OptionValues, providers: Provider[] = []): DynamicModule {
    const isProduction = values.nodeEnv === 'production';
    const features = isProduction ? [serviceFeature] : [serviceFeature, developmentFeature];
    return {
      module: AppModule,
      imports: [AuthModule.forRoot({ ...withPagesOfService(values), features, providers })],
      providers: [{ provide: APP_FILTER, useClass: ServiceExceptionFilter }],
    };
  }
}
