import type { Feature } from '../config/feature.js';
import { Options } from '../config/options.js';
import { Catalogue, DeclaredWords } from './catalogue.js';
import { languagesOptions } from './languages-options.js';
import { wordsIn } from './own-words.js';

export const languagesFeature: Feature = {
  name: 'languages',
  options: languagesOptions,
  providers: [
    {
      provide: Catalogue,
      inject: [DeclaredWords, Options],
      useFactory: (declared: DeclaredWords, options: Options) => catalogueOf(declared, options),
    },
  ],
};

/** The catalogue by these options. @throws ConfigurationError as {@link wordsIn} */
export function catalogueOf(declared: DeclaredWords, options: Options): Catalogue {
  const given = options.of(languagesOptions);
  return new Catalogue(given.pagesLanguages, wordsIn(declared, given));
}
