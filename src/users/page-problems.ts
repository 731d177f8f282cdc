import type { ConfigurationProblem } from '../config/option-section.js';

/** The problems of the address of a team's own page that mailed links lead to. Empty stands for the built-in page. */
export function pageProblems(option: string, url: string, nodeEnv: unknown): ConfigurationProblem[] {
  const allowed = nodeEnv === 'production' ? /^https:$/ : /^https?:$/;
  if (url === '' || (URL.canParse(url) && allowed.test(new URL(url).protocol))) return [];
  const remedy = 'set it to an https URL, e.g. https://app.example.com/page';
  return [{ option, problem: 'is not a web address, or uses plain http in production', remedy }];
}
