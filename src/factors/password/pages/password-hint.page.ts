import { Body, Post, Req, Res } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Public } from '../../../access/public.decorator.js';
import type { HttpReply, HttpRequest } from '../../../edge/http-exchange.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { Catalogue } from '../../../languages/catalogue.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { PageController } from '../../../pages/page-controller.js';
import { refusalIn } from '../../../pages/page-view.js';
import { PageWords } from '../../../pages/page-words.js';
import { wordOfRule } from '../../../pages/refusal-element.js';
import { PasswordPolicy } from '../password-policy.js';

class HintForm {
  @IsString()
  password!: string;

  @IsOptional()
  @IsString()
  @MaxLength(254)
  email?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  name?: string;
}

/** Shows a hint about a password while it is being typed. The password is neither stored nor logged. */
@PageController('password-hint', 'sign-in')
export class PasswordHintPage {
  constructor(
    private readonly policy: PasswordPolicy,
    private readonly catalogue: Catalogue,
    private readonly words: PageWords,
  ) {}

  /** JSON, for the module of the page: `{ hint }` in the reader's language. */
  @Post()
  @Public()
  @RateLimited({ most: { ip: 300 }, counted: 'node' })
  async judge(
    @Body() { password, email, name }: HintForm,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<{ readonly hint: string }> {
    const { t } = this.words.valuesFor('sign-up', {}, { request, reply });
    try {
      await this.policy.assertAcceptable(password, { email: email ?? null, name: name ?? null });
      return { hint: t('new-password.good') };
    } catch (error) {
      const broken = error instanceof AuthError && refusalIn(error).fields.find(({ field }) => field === 'password');
      if (!broken) throw error;
      return { hint: t(wordOfRule(broken.rule, 'sign-up', this.catalogue), { limit: broken.limit }) };
    }
  }
}
