import { Injectable } from '@nestjs/common';
import { FreshProof } from '../../access/fresh-proof.js';
import { Options } from '../../config/options.js';
import { Factors } from '../../credentials/factors.js';
import { ADMIN_ROLE } from '../../kernel/admin-role.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { type PageView, type Refused, type SeeOther, view } from '../../pages/page-view.js';
import type { SubmittedForm } from '../../pages/submitted-form.js';
import { type HeldCount, HeldCounts } from '../../security/held-counts.js';
import type { SecurityEventName } from '../../security/security-table.js';
import type { UserRecord } from '../../users/user.store.js';
import { headOf } from '../../users/user-tabs.js';
import { AdminUsersService } from '../admin-users.service.js';

/** An act that has a page of its own. */
export type UserAct = 'ban' | 'log-out' | 'reset-factors' | 'roles' | 'act-as' | 'delete';

/** The security event of each act; null: nothing that can be counted beforehand. */
const EVENTS: Readonly<Record<UserAct, SecurityEventName | null>> = {
  ban: 'banned',
  'log-out': 'logged_out_by_admin',
  'reset-factors': 'factors_reset',
  roles: null,
  'act-as': null,
  delete: 'deleted',
};

/** Holdings that there are words for. */
export const COUNTED: ReadonlySet<string> = new Set([
  'sessions',
  'api_keys',
  'certificates',
  'client_secrets',
  'session_grants',
  'offline_grants',
]);

interface Attempt<T extends object> {
  readonly id: string;
  readonly auth: AuthContext;
  readonly form: SubmittedForm<T>;
}

/** The pages before the acts. */
@Injectable()
export class UserActs {
  constructor(
    private readonly users: AdminUsersService,
    private readonly held: HeldCounts,
    private readonly factors: Factors,
    private readonly freshProof: FreshProof,
    private readonly options: Options,
  ) {}

  /** @throws AuthError `step_up_required` where the act would ask for it: before, so that no admin fills in a form twice */
  async show(act: UserAct, id: string, auth: AuthContext): Promise<PageView> {
    await this.assertProven(act, id, auth);
    const user = await this.users.get(id);
    return this.page(act, user, { roles: user.roles.join(' '), reason: '', until: '' }, null);
  }

  /** Shows the page again, with what was wrong, when the act is refused. */
  async carryOut<T extends object>(
    act: UserAct,
    { id, auth, form }: Attempt<T>,
    run: (given: T) => Promise<SeeOther>,
  ): Promise<SeeOther | PageView> {
    await this.assertProven(act, id, auth);
    const sent = { roles: form.text('roles'), reason: form.text('reason'), until: form.text('until') };
    return form.take(run, async (problem) => this.page(act, await this.users.get(id), sent, problem));
  }

  /** Asks for a fresh proof where the JSON routes do, and also before any user is deleted. @throws AuthError `step_up_required` */
  async assertProven(act: UserAct, id: string, auth: AuthContext): Promise<void> {
    const isAdmin = act === 'ban' && (await this.users.get(id)).roles.includes(ADMIN_ROLE);
    if (isAdmin || act === 'roles' || act === 'reset-factors' || act === 'delete') await this.freshProof.assert(auth);
  }

  /** @throws AuthError `validation_failed` unless it is what the user is called */
  assertTyped(typed: string, user: UserRecord): void {
    if (typed.trim().toLowerCase() === nameToType(user).toLowerCase()) return;
    const errors = [
      { field: 'typed', rule: 'isSame', message: 'typed must be the e-mail address or name of the user' },
    ];
    throw new AuthError('validation_failed', { reason: 'not_what_was_to_be_typed', errors });
  }

  private async page(
    act: UserAct,
    user: UserRecord,
    form: { readonly roles: string; readonly reason: string; readonly until: string },
    problem: Refused | null,
  ): Promise<PageView> {
    const values = {
      ...headOf(user, null, this.options),
      act,
      ends: await this.endsOf(act, user),
      nameToType: nameToType(user),
      form,
      problem,
    };
    return view('admin-user-act', values, problem ?? {});
  }

  private async endsOf(act: UserAct, { id }: UserRecord): Promise<HeldCount[]> {
    const event = EVENTS[act];
    if (event === null) return [];
    const ends = (await this.held.endedBy(event, id)).filter(({ name }) => COUNTED.has(name));
    if (act !== 'reset-factors' && act !== 'delete') return ends;
    const enrolled = (await this.factors.enrolledBy(id)).filter(({ factor }) => this.factors.named(factor).canFollow);
    return [...ends, { name: 'factors', count: enrolled.length, isCut: false }];
  }
}

/** The text that must be typed to delete the user. */
function nameToType({ id, email, name }: UserRecord): string {
  return email ?? name ?? id;
}
