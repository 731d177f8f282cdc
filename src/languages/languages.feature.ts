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

/** Of declared words alone, by the languages: applications of one process share them. */
const ofDeclared = new WeakMap<DeclaredWords, Map<string, Catalogue>>();

/** The catalogue by these options. @throws ConfigurationError as {@link wordsIn} */
export function catalogueOf(declared: DeclaredWords, options: Options): Catalogue {
  const given = options.of(languagesOptions);
  const make = () => new Catalogue(given.pagesLanguages, wordsIn(declared, given));
  if (given.pagesWords) return make();
  const known = ofDeclared.get(declared) ?? new Map<string, Catalogue>();
  ofDeclared.set(declared, known);
  const languages = given.pagesLanguages.join();
  const catalogue = known.get(languages) ?? make();
  known.set(languages, catalogue);
  return catalogue;
}
