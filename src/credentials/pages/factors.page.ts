import { Get } from '@nestjs/common';
import { CurrentUser } from '../../access/route-decorators.js';
import type { AuthUser } from '../../kernel/auth-context.js';
import { DeclaredPages } from '../../pages/define-templates.js';
import { PageController } from '../../pages/page-controller.js';
import { type PageView, view } from '../../pages/page-view.js';
import { Factors } from '../factors.js';
import { factorPageName, factorPagePath } from './factor-pages.js';

@PageController('account/factors', 'account')
export class FactorsPage {
  constructor(
    private readonly factors: Factors,
    private readonly declared: DeclaredPages,
  ) {}

  /** Those that have a page of their own; a backup only where there is something to back up. */
  @Get()
  async show(@CurrentUser() { id }: AuthUser): Promise<PageView> {
    const enrolled = await this.factors.enrolledBy(id);
    const known = this.factors.all.filter(({ name }) => this.declared.has(factorPageName(name)));
    const shown = known.map(({ name, isBackup }) => {
      const own = enrolled.filter(({ factor }) => factor === name);
      return { name: factorPageName(name), path: factorPagePath(name), isBackup, enrolled: own };
    });
    return view('account-factors', { factors: shown.filter((one) => !one.isBackup || one.enrolled.length > 0) });
  }
}
