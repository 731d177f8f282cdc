import { randomInt } from 'node:crypto';
import { Body, HttpCode, Inject, Injectable, Post } from '@nestjs/common';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import {
  Column,
  type DataSource,
  Entity,
  type EntityManager,
  type MigrationInterface,
  PrimaryColumn,
  type QueryRunner,
} from 'typeorm';
// The front door alone: what anybody's own factor could import.
import {
  AtomicPrimitives,
  AUTH_DATA_SOURCE,
  type AuthContext,
  AuthController,
  AuthError,
  Clock,
  CurrentAuth,
  CurrentExchange,
  type EnrolledFactor,
  EnrolmentProof,
  EnrolmentService,
  type Exchange,
  Factor,
  FactorAttempts,
  type FactorClaim,
  type Feature,
  type NewTickets,
  OpenToEnrolment,
  PendingLogins,
  Public,
  requireSession,
} from '../../src/index.js';

/** Where texts go. */
export class TextMessages {
  readonly sent: { to: string; code: string }[] = [];
}

@Entity({ schema: 'coatcheck', name: 'phone_numbers', synchronize: false })
class PhoneNumberEntity {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'phone_numbers_pkey' })
  userId!: string;

  @Column({ type: 'text' })
  number!: string;

  @Column({ name: 'enrolled_at', type: 'timestamp with time zone' })
  enrolledAt!: Date;
}

/** Its migration. */
export class CreatePhoneNumbers1795250000000 implements MigrationInterface {
  readonly name = 'CreatePhoneNumbers1795250000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE coatcheck.phone_numbers (
      user_id uuid NOT NULL, number text NOT NULL, enrolled_at timestamp with time zone NOT NULL,
      CONSTRAINT phone_numbers_pkey PRIMARY KEY (user_id))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coatcheck.phone_numbers');
  }
}

/** Codes that are texted: each good once, in one hand, for five minutes, on every store. */
@Injectable()
class TextedCodes {
  constructor(
    private readonly messages: TextMessages,
    private readonly atomics: AtomicPrimitives,
    private readonly clock: Clock,
  ) {}

  async send(to: string, boundTo: string): Promise<void> {
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const validity = { now: this.clock.now(), expiresAt: this.clock.in(300) };
    await this.atomics.offer(`text:${boundTo}:${to}:${code}`, 0, validity);
    this.messages.sent.push({ to, code });
  }

  async consume(code: string, to: string, boundTo: string): Promise<void> {
    if (await this.atomics.consumeOnce(`text:${boundTo}:${to}:${code}`, this.clock.now())) return;
    throw new AuthError('invalid_credentials', { reason: 'wrong_texted_code' });
  }
}

/** What proves it. */
class TextProof {
  @Matches(/^\d{6}$/)
  code!: string;
}

@Injectable()
class TextFactor extends Factor<TextProof> {
  readonly name = 'text';
  readonly amr = ['sms'];
  readonly proofClass = TextProof;
  override readonly canFollow = true;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly codes: TextedCodes,
  ) {
    super();
  }

  override async verify({ user, proof, boundTo }: FactorClaim<TextProof>): Promise<readonly string[]> {
    await this.codes.consume(proof.code, await this.numberOf(user.id), boundTo);
    return this.amr;
  }

  async numberOf(userId: string): Promise<string> {
    const row = await this.dataSource.manager.findOneBy(PhoneNumberEntity, { userId });
    if (!row) throw new AuthError('invalid_credentials', { reason: 'not_enrolled' });
    return row.number;
  }

  async enrolledBy(userId: string, within?: EntityManager): Promise<readonly EnrolledFactor[]> {
    const row = await (within ?? this.dataSource.manager).findOneBy(PhoneNumberEntity, { userId });
    if (!row) return [];
    const { number: name, enrolledAt } = row;
    return [{ factor: this.name, id: null, name, enrolledAt, lastUsedAt: null, remaining: null }];
  }

  async removeAllOf(userId: string, within: EntityManager): Promise<void> {
    await within.delete(PhoneNumberEntity, { userId });
  }
}

class BeginRequest {
  @Matches(/^\+\d{6,15}$/)
  number!: string;

  @IsOptional()
  @IsString()
  password?: string;
}

class ConfirmRequest extends TextProof {
  @Matches(/^\+\d{6,15}$/)
  number!: string;
}

class LoginTextRequest {
  @IsString()
  @MaxLength(4096)
  loginToken!: string;
}

@AuthController('auth', 'Factors')
class TextController {
  constructor(
    private readonly factor: TextFactor,
    private readonly codes: TextedCodes,
    private readonly proof: EnrolmentProof,
    private readonly attempts: FactorAttempts,
    private readonly enrolment: EnrolmentService,
    private readonly pending: PendingLogins,
    private readonly clock: Clock,
  ) {}

  @Post('factors/text')
  @HttpCode(202)
  @OpenToEnrolment()
  async begin(
    @Body() { number, password }: BeginRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<void> {
    await this.proof.toBegin(auth, password, exchange);
    await this.codes.send(number, requireSession(auth).id);
  }

  @Post('factors/text/confirm')
  @HttpCode(200)
  @OpenToEnrolment()
  async confirm(
    @Body() { number, code }: ConfirmRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<NewTickets> {
    await this.proof.toFinish(auth);
    const session = requireSession(auth);
    const attempt = { userId: auth.user.id, boundTo: session.id, isGuess: true, isPending: true };
    await this.attempts.guardProof(attempt, exchange, () => this.codes.consume(code, number, session.id));
    const { factor } = this;
    const change = { factor, change: 'app_phone_added' as const, auth, amr: factor.amr, hasBody: true };
    const enrolledAt = this.clock.now();
    return this.enrolment.enrol(
      change,
      async ({ id: userId }, manager) => {
        await manager.upsert(PhoneNumberEntity, { userId, number, enrolledAt }, ['userId']);
      },
      exchange,
    );
  }

  @Post('login/text')
  @Public()
  @HttpCode(202)
  async textAtLogin(@Body() { loginToken }: LoginTextRequest, @CurrentExchange() { caller }: Exchange): Promise<void> {
    const { id, userId } = this.pending.readLogin(loginToken, caller);
    await this.codes.send(await this.factor.numberOf(userId), id);
  }

  @Post('step-up/text')
  @HttpCode(202)
  async textAtStepUp(@CurrentAuth() auth: AuthContext): Promise<void> {
    await this.codes.send(await this.factor.numberOf(auth.user.id), requireSession(auth).id);
  }
}

/** One folder, and one line where it is plugged in. */
export const textFeature: Feature = {
  name: 'text',
  entities: [PhoneNumberEntity],
  controllers: [TextController],
  factors: { text: TextFactor },
  providers: [TextMessages, TextedCodes],
};
