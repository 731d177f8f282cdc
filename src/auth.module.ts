import { type ConfigurableModuleAsyncOptions, type DynamicModule, Module, type NestModule } from '@nestjs/common';
import { assemble } from './assemble.js';
import type { AuthExtras, AuthOptions } from './auth-options.js';
import type { OptionValues } from './config/options.js';
import { OptionsModule } from './config/options.module.js';
import { sectionsOf } from './features.js';
import { Mounting } from './http/mounting.js';

/**
 * Authentication for a NestJS application: import it once, and every route is closed unless `@Public()`.
 *
 * @example
 * AuthModule.forRoot({ publicUrl: 'https://app.example.com', secretKey, databaseUrl, authStrategies: ['session', 'jwt'] })
 * @example
 * AuthModule.forRootAsync({ imports: [ConfigModule], inject: [ConfigService], useFactory: (config) => config.get('auth') })
 */
@Module({})
export class AuthModule implements NestModule {
  constructor(private readonly mounting: Mounting) {}

  /** Nest's last word before it maps routes: by now the application has said how they are versioned. */
  configure(): void {
    this.mounting.applyVersions();
  }

  static forRoot(given: AuthOptions & AuthExtras): DynamicModule {
    const { values, extras } = split(given);
    return assemble(AuthModule, OptionsModule.forRoot({ ...values, sections: sectionsOf(extras) }), extras);
  }

  /** `useFactory`, `useClass` or `useExisting` (with `create()`) give the values; the extras stand beside them. */
  static forRootAsync(given: ConfigurableModuleAsyncOptions<AuthOptions> & AuthExtras): DynamicModule {
    const { values, extras } = split(given);
    const source = values as ConfigurableModuleAsyncOptions<OptionValues>;
    const sections = sectionsOf(extras);
    return assemble(AuthModule, OptionsModule.forRootAsync({ ...source, imports: extras.imports, sections }), extras);
  }
}

function split<T extends AuthExtras>(given: T): { values: OptionValues; extras: AuthExtras } {
  const { features, providers, dataSource, globalGuard, imports, registrationFields, ...values } = given;
  return { values, extras: { features, providers, dataSource, globalGuard, imports, registrationFields } };
}
