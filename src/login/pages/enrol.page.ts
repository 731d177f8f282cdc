import { Get } from '@nestjs/common';
import { CurrentAuth, OpenToEnrolment } from '../../access/route-decorators.js';
import { LoginPolicy } from '../../credentials/login-policy.js';
import { ProofFields } from '../../credentials/pages/proof-fields.js';
import { type AuthContext, requireSession } from '../../kernel/auth-context.js';
import { DeclaredPages } from '../../pages/define-templates.js';
import { PageController } from '../../pages/page-controller.js';
import { type PageView, type SeeOther, seeAddress, seeOther, view } from '../../pages/page-view.js';
import { QueryText } from '../../pages/query-text.decorator.js';
import { returnAddress, withReturn } from '../../pages/return-address.js';

/** Which second factor a user sets up who must have one: each factor has its own page below this one, named `enrol-<factor>`. */
@PageController('sign-in/enrol', 'sign-in')
export class EnrolPage {
  constructor(
    private readonly policy: LoginPolicy,
    private readonly fields: ProofFields,
    private readonly declared: DeclaredPages,
  ) {}

  @Get()
  @OpenToEnrolment()
  show(@QueryText('return') given: unknown, @CurrentAuth() auth: AuthContext): PageView | SeeOther {
    const returnTo = returnAddress(given);
    if (requireSession(auth).onlyFor === null) return returnTo === null ? seeOther('/account') : seeAddress(returnTo);
    const sufficient = this.policy.sufficientFor(auth.user).filter((name) => this.declared.has(`enrol-${name}`));
    const ways = this.fields.waysOf(sufficient);
    const [only, ...others] = ways;
    if (only !== undefined && others.length === 0) return seeOther(withReturn(pathOf(only.name), returnTo));
    const choices = ways.map(({ name }) => ({ name, path: withReturn(pathOf(name), returnTo) }));
    return view('enrol', { choices });
  }
}

function pathOf(factor: string): string {
  return `/sign-in/enrol/${factor.replaceAll('_', '-')}`;
}
