import { ConfigurableModuleBuilder, Module } from '@nestjs/common';
import type { AnyOptionSection } from './option-section.js';
import { Options, type OptionValues } from './options.js';

const GIVEN_OPTIONS = 'COATCHECK_GIVEN_OPTIONS';

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<OptionValues>({
  optionsInjectionToken: GIVEN_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setExtras<{ sections: readonly AnyOptionSection[] }>({ sections: [] }, (definition, { sections }) => ({
    ...definition,
    providers: [
      ...(definition.providers ?? []),
      {
        provide: Options,
        inject: [GIVEN_OPTIONS],
        useFactory: (given: OptionValues) => Options.resolve(sections, given),
      },
    ],
    exports: [Options],
  }))
  .build();

/** Provides the checked {@link Options}; values may come asynchronously, the declared sections may not. */
@Module({})
export class OptionsModule extends ConfigurableModuleClass {}
